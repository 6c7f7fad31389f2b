package io.newapi.server.store;

import io.newapi.server.testing.MariaDb;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;

/** A database file of a test, with all tables, and the clock of its stores. */
final class TestDatabase implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    static final long NOW_SECONDS = NOW.getEpochSecond();

    final Database database;
    final Stores stores;

    private TestDatabase(Database database, RandomText random) {
        this.database = database;
        this.stores = Stores.of(database, database, InstantSource.fixed(NOW), random);
    }

    static TestDatabase create(Path directory) {
        return create(directory, RandomText.secure());
    }

    static TestDatabase create(Path directory, RandomText random) {
        Database database = open(directory.resolve("one-api.db"));
        Schema.create(database);
        return new TestDatabase(database, random);
    }

    /** A database that has its tables. */
    static TestDatabase of(Database database) {
        return of(database, RandomText.secure());
    }

    static TestDatabase of(Database database, RandomText random) {
        return new TestDatabase(database, random);
    }

    static MySqlLocation location(MariaDb server, String database) {
        return location(server.port(), database);
    }

    /** The same through another port. */
    static MySqlLocation location(int port, String database) {
        return new MySqlLocation(
                "127.0.0.1",
                port,
                MariaDb.USER,
                MariaDb.PASSWORD,
                database,
                MySqlLocation.Tls.OFF,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                ZoneOffset.UTC,
                Map.of(),
                Pooling.of(8));
    }

    static Database open(Path file) {
        return Database.open(DatabaseConfig.of(SqliteLocation.of(file)));
    }

    /** Writes a file as the original leaves it, in rollback-journal mode. */
    static Path original(Path directory) {
        Path file = directory.resolve("one-api.db");
        for (String statement : resource("original-2025-12.sql").split(";\\R", -1)) {
            if (!statement.isBlank()) {
                execute(file, statement);
            }
        }
        return file;
    }

    static void execute(Path file, String sql) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The rows of a query, columns separated by {@code |}, NULL as {@code null}. */
    static List<String> query(Path file, String sql) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            return rows(connection, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private static List<String> rows(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> result = new ArrayList<>();
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    row.add(text(rows, i));
                }
                result.add(String.join("|", row));
            }
            return result;
        }
    }

    /** As others show truth values, PostgreSQL shows them too. */
    private static String text(ResultSet rows, int column) throws SQLException {
        String text = String.valueOf(rows.getString(column));
        return rows.getMetaData().getColumnTypeName(column).equals("bool")
                ? text.replaceFirst("^t$", "1").replaceFirst("^f$", "0")
                : text;
    }

    /** Names may stand in back-ticks. */
    List<String> query(String sql) {
        return database.read(
                context -> context.connectionResult(connection -> rows(connection, spelled(context, sql))));
    }

    private static String spelled(DSLContext context, String sql) {
        return Dialect.isPostgres(context) ? sql.replace('`', '"') : sql;
    }

    /** Names may stand in back-ticks, which the kind of database replaces by what it knows. */
    void execute(String sql) {
        database.write(context -> context.execute(spelled(context, sql)));
    }

    void dropTrigger(String name) {
        database.write(context -> context.execute(
                Dialect.isPostgres(context) ? "drop function " + name + " cascade" : "drop trigger " + name));
    }

    /** A user with this balance; his id. */
    long user(String name, long quota) {
        return ((UserOutcome.Saved) stores.users().create(NewUser.of(name, "hash", name, 1, quota), 0))
                .user()
                .id();
    }

    void lease(String writer, AccountKind kind, long accountId, long held) {
        execute("insert into newapi_leases (writer_id, kind, account_id, held) values ('" + writer + "', " + kind.code()
                + ", " + accountId + ", " + held + ")");
    }

    /** Tells the books of a user's charges without a row, in the transaction of the context. */
    void unlogged(DSLContext context, long userId, long units) {
        Agenda agenda = new Agenda(new StepByStep(context));
        BookStore.unlogged(agenda, BookKind.USER, userId, units);
        agenda.settle();
    }

    @Override
    public void close() {
        database.close();
    }

    private static String resource(String name) {
        try (InputStream in = TestDatabase.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(name, e);
        }
    }
}
