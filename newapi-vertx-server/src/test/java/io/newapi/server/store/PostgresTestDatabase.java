package io.newapi.server.store;

import io.newapi.server.testing.PostgreSql;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One database of a PostgreSQL server with all tables, for tests that each begin with empty ones. */
final class PostgresTestDatabase {

    /** Tables in which tests expect ids from 1. */
    private static final Set<String> COUNTING = Set.of("users", "tokens", "channels", "logs");

    private final PostgresLocation location;
    /** One connection, for as long as the test program runs. */
    private final Database emptying;

    private final String emptyingStatements;

    private PostgresTestDatabase(PostgresLocation location, List<String> tables) {
        this.location = location;
        this.emptying = Database.openForLedger(location);
        this.emptyingStatements = Stream.concat(
                        tables.stream().map(table -> "delete from " + table),
                        tables.stream()
                                .filter(COUNTING::contains)
                                .map(table -> "select setval('" + table + "_id_seq', 1, false)"))
                .collect(Collectors.joining("; "));
    }

    static PostgresTestDatabase create(PostgreSql server) {
        return create(server, Schema::create);
    }

    /** With the tables of logs alone. */
    static PostgresTestDatabase createForLogs(PostgreSql server) {
        return create(server, Schema::createLogs);
    }

    private static PostgresTestDatabase create(PostgreSql server, Function<Database, Schema.Additions> schema) {
        PostgresLocation location = location(server, server.createDatabase());
        try (Database database = Database.open(location)) {
            return new PostgresTestDatabase(location, schema.apply(database).tables());
        }
    }

    static PostgresLocation location(PostgreSql server, String database) {
        return location(server.port(), database);
    }

    /** The same through another port. */
    static PostgresLocation location(int port, String database) {
        return new PostgresLocation(
                List.of(new PostgresLocation.Host("127.0.0.1", port)),
                false,
                PostgreSql.USER,
                PostgreSql.PASSWORD,
                database,
                PostgresLocation.Tls.DISABLE,
                Optional.empty(),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Optional.empty(),
                Map.of(),
                Pooling.of(8));
    }

    /** Creates a trigger, and the function of the same name that it runs. */
    static String trigger(String name, String when, String body) {
        return "create function " + name + "() returns trigger language plpgsql as $$ begin " + body
                + "; return new; end $$; create trigger " + name + " before " + when
                + " for each row execute function " + name + "()";
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
        emptying.write(context -> context.execute(emptyingStatements));
    }

    PostgresLocation location() {
        return location;
    }
}
