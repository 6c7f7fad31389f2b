package io.newapi.server.admin;

import io.newapi.server.store.Database;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs changes of several stores together or not at all. Blocks; thread-safe. */
final class Transactions {

    private final Database database;

    Transactions(Database database) {
        this.database = database;
    }

    /** One transaction: rolled back when {@code work} throws, a {@link Refused} included. The work may run more than once. */
    <T extends @Nullable Object> T run(Supplier<T> work) {
        return database.write(ignored -> work.get());
    }
}
