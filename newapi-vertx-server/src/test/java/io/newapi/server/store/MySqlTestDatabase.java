package io.newapi.server.store;

import io.newapi.server.testing.MariaDb;
import java.util.List;
import java.util.function.Function;

/** One database of a MariaDB server with all tables, for tests that each begin with empty ones. */
final class MySqlTestDatabase {

    private final MySqlLocation location;
    private final List<String> tables;

    private MySqlTestDatabase(MySqlLocation location, List<String> tables) {
        this.location = location;
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
        TestDatabase test = TestDatabase.of(Database.open(location));
        test.database.write(context -> {
            tables.forEach(table -> context.execute("delete from `" + table + "`"));
            return tables;
        });
        return test;
    }

    MySqlLocation location() {
        return location;
    }
}
