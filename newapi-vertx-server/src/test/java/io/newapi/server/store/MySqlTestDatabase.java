package io.newapi.server.store;

import io.newapi.server.testing.MariaDb;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** One database of a MariaDB server with all tables, for tests that each begin with empty ones. */
final class MySqlTestDatabase {

    /** Tables in which tests expect ids from 1. */
    private static final Set<String> COUNTING = Set.of("users", "tokens", "channels", "logs");

    private final MySqlLocation location;
    private final List<String> tables;
    /** One connection, for as long as the test program runs. */
    private final Database emptying;

    private MySqlTestDatabase(MySqlLocation location, List<String> tables) {
        this.location = location;
        this.emptying = Database.openForLedger(location);
        this.tables = tables;
    }

    static MySqlTestDatabase create(MariaDb server) {
        return create(server, Schema::create);
    }

    /** With the tables of logs alone. */
    static MySqlTestDatabase createForLogs(MariaDb server) {
        return create(server, Schema::createLogs);
    }

    private static MySqlTestDatabase create(MariaDb server, Function<Database, Schema.Additions> schema) {
        MySqlLocation location = TestDatabase.location(server, server.createDatabase());
        try (Database database = Database.open(location)) {
            return new MySqlTestDatabase(location, schema.apply(database).tables());
        }
    }

    /** Without any rows, over connections of its own. */
    TestDatabase emptied() {
        empty();
        return opened(RandomText.secure());
    }

    /** Over connections of its own, with the rows that it has. */
    TestDatabase opened(RandomText random) {
        return TestDatabase.of(Database.open(location), random);
    }

    /** Removes all rows. */
    void empty() {
        emptying.write(context -> {
            tables.stream()
                    .filter(table -> context.execute("delete from `" + table + "`") > 0)
                    .filter(COUNTING::contains)
                    .forEach(table -> context.execute("alter table `" + table + "` auto_increment = 1"));
            return tables;
        });
    }

    MySqlLocation location() {
        return location;
    }
}
