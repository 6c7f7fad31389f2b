package io.newapi.server.store;

import static io.newapi.server.store.Nulls.text;
import static org.jooq.impl.DSL.excluded;

import io.newapi.server.store.Tables.Options;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jooq.DSLContext;

/** The table {@code options}: settings as text. What a value means, and whether it is valid, is not decided here. */
public final class OptionStore {

    private final Database database;

    /** Options of {@code database}. */
    public OptionStore(Database database) {
        this.database = database;
    }

    /** Every stored option, known or not, by key. */
    public Map<String, String> all() {
        return database.read(context -> {
            Map<String, String> options = new TreeMap<>();
            context.select(Options.KEY, Options.VALUE)
                    .from(Options.TABLE)
                    .forEach(row -> options.put(text(row, Options.KEY), text(row, Options.VALUE)));
            return options;
        });
    }

    /** The stored text of one option. */
    public Optional<String> get(String key) {
        return database.read(context -> context.select(Options.VALUE)
                .from(Options.TABLE)
                .where(Options.KEY.eq(key))
                .fetchOptional(row -> text(row, Options.VALUE)));
    }

    /** Stores options, all or none. */
    public void put(Map<String, String> options) {
        database.write(context -> {
            options.forEach((key, value) -> put(context, key, value));
            return options.size();
        });
    }

    static void put(DSLContext context, String key, String value) {
        Dialect.upserts(context)
                .insertInto(Options.TABLE)
                .columns(Options.KEY, Options.VALUE)
                .values(key, value)
                .onConflict(Options.KEY)
                .doUpdate()
                .set(Options.VALUE, excluded(Options.VALUE))
                .execute();
    }
}
