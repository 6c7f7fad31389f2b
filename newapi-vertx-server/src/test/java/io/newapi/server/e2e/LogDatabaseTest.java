package io.newapi.server.e2e;

import static io.newapi.server.e2e.DataDirectory.CALL_UNITS;
import static io.newapi.server.e2e.DataDirectory.PER_CALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.sandbox.Script;
import io.newapi.server.testing.MariaDb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs have a database of their own: charges do not wait for it, and every charge has its row in the end. */
class LogDatabaseTest {

    private static final long PLENTY = 1_000_000_000;
    private static final int CALLS = 20;

    @TempDir
    Path path;

    private final Upstreams upstreams = new Upstreams();
    private MariaDb server;
    private SharedDatabase logs;

    @BeforeEach
    void createLogs() {
        server = MariaDb.orLeaveOut("logs in a database of their own");
        logs = SharedDatabase.create(server);
    }

    @AfterEach
    void closeUpstreams() {
        upstreams.close();
    }

    private Key fill(DataDirectory directory) {
        directory.channel("only", upstreams.start(Script.PLAIN).url(), 0);
        return directory.limitedToken(directory.user("rich", PLENTY), "key", PLENTY / 2);
    }

    private static void call(TestNode node, Key key) {
        List<Reply> replies = new Caller(node.url()).together(CALLS, key, Caller.question(PER_CALL, "Hello?"));
        assertThat(replies).allMatch(Reply::complete);
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private List<Path> journals() throws IOException {
        try (Stream<Path> files = Files.list(path.resolve("newapi-journal"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("journal-"))
                    .toList();
        }
    }

    @Test
    void everyChargeInAFileHasItsRowOnAServer() throws Exception {
        DataDirectory directory = DataDirectory.create(path);
        Key key = fill(directory);
        DataDirectory apart = directory.withLogsIn(logs);
        try (TestNode node = TestNode.start(apart)) {
            call(node, key);
        }

        assertThat(Books.read(apart).agree().nothingLeased().charges(key)).hasSize(CALLS);
        try (Connection main = directory.connect()) {
            assertThat(number(main, "select count(*) from logs")).isZero();
        }
        assertThat(journals()).as("nothing is left to be stored").isEmpty();
    }

    @Test
    void everyChargeOnAServerHasItsRowInTheFile() throws Exception {
        DataDirectory directory = DataDirectory.create(path, SharedDatabase.create(server));
        Key key = fill(directory);
        try (TestNode node = TestNode.start(directory, Map.of("LOG_SQL_DSN", "local"))) {
            call(node, key);
        }

        assertThat(Books.read(directory).token(key).used()).isEqualTo(CALLS * CALL_UNITS);
        assertThat(Books.read(directory).charges()).isEmpty();
        try (Connection file = DriverManager.getConnection("jdbc:sqlite:" + directory.database())) {
            assertThat(number(file, "select sum(quota) from logs where type = 2"))
                    .isEqualTo(CALLS * CALL_UNITS);
        }
        assertThat(journals()).isEmpty();
    }

    @Test
    void whileLogsAreAwayCallsAreServedAndChargedAndTheirRowsComeLater() throws Exception {
        DataDirectory directory = DataDirectory.create(path, SharedDatabase.create(server));
        Key key = fill(directory);
        DataDirectory apart = directory.withLogsIn(logs);
        try (TestNode node = TestNode.start(apart);
                Connection main = directory.connect();
                Connection rows = apart.connectToLogs()) {
            call(node, key);
            server.execute("rename table `" + logs.name() + "`.logs to `" + logs.name() + "`.away");

            call(node, key);

            Eventually.until("the calls are charged", () -> used(main, key) == 2 * CALLS * CALL_UNITS);
            server.execute("rename table `" + logs.name() + "`.away to `" + logs.name() + "`.logs");
            Eventually.until("their rows are there", () -> count(rows) == 2 * CALLS);
        }

        assertThat(Books.read(apart).agree().nothingLeased().charges(key)).hasSize(2 * CALLS);
        assertThat(journals()).isEmpty();
    }

    private static long used(Connection main, Key key) {
        try {
            return number(main, "select used_quota from tokens where id = " + key.tokenId());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long count(Connection logs) {
        try {
            return number(logs, "select count(*) from logs where type = 2");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
