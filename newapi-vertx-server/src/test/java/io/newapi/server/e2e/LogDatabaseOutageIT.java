package io.newapi.server.e2e;

import static io.newapi.server.e2e.DataDirectory.CALL_UNITS;
import static io.newapi.server.e2e.DataDirectory.PER_CALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.sandbox.Script;
import io.newapi.server.testing.MariaDb;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server of logs is killed, and the node too, at the worst moments. */
class LogDatabaseOutageIT {

    private static final long PLENTY = 1_000_000_000;
    private static final int CALLS = 30;

    @TempDir
    Path path;

    private final Upstreams upstreams = new Upstreams();
    private MariaDb server;
    private DataDirectory directory;
    private Key key;

    @BeforeEach
    void prepare() {
        server = MariaDb.ownOrLeaveOut("a server of logs that is killed");
        DataDirectory file = DataDirectory.create(path);
        file.channel("only", upstreams.start(Script.PLAIN).url(), 0);
        key = file.limitedToken(file.user("rich", PLENTY), "key", PLENTY / 2);
        directory = file.withLogsIn(SharedDatabase.create(server));
    }

    @AfterEach
    void stopEverything() {
        upstreams.close();
        server.kill();
    }

    private void call(NodeProcess node) {
        List<Reply> replies = new Caller(node.url()).together(CALLS, key, Caller.question(PER_CALL, "Hello?"));
        assertThat(replies).allMatch(Reply::complete);
    }

    private long used() {
        try (Connection main = directory.connect();
                Statement statement = main.createStatement();
                ResultSet row = statement.executeQuery("select used_quota from tokens where id = " + key.tokenId())) {
            return row.next() ? row.getLong(1) : 0;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitCharged(int calls) {
        Eventually.until("the calls are charged", () -> used() == calls * CALL_UNITS);
    }

    private void expectRows(int calls) {
        Books books = Books.read(directory).agree().nothingLeased();
        assertThat(books.charges(key)).hasSize(calls);
        assertThat(used()).isEqualTo(calls * CALL_UNITS);
    }

    @Test
    void aNodeThatIsKilledWhileLogsAreAwayServesAgainBeforeTheyAreBackAndThenWritesAllRows() {
        try (NodeProcess node = NodeProcess.start(directory, Map.of())) {
            call(node);
            awaitCharged(CALLS);
            server.kill();
            call(node);
            awaitCharged(2 * CALLS);
            node.kill();
        }

        try (NodeProcess node = NodeProcess.start(directory, Map.of())) {
            call(node);
            awaitCharged(3 * CALLS);
            assertThat(node.output()).contains("the node starts without its logs");
            awaitOutput(node, "log rows of earlier runs still wait in their journals");

            server.startAgain();

            awaitOutput(node, "the log rows of earlier runs are stored");
            Eventually.until(
                    "all rows are there",
                    () -> Books.read(directory).charges(key).size() == 3 * CALLS);
        }
        expectRows(3 * CALLS);
    }

    private static void awaitOutput(NodeProcess node, String text) {
        Eventually.until("the node says that " + text, () -> node.output().contains(text));
    }

    @Test
    void aNodeThatIsNotLetInByTheServerOfLogsDoesNotStart() {
        try (NodeProcess node = NodeProcess.launch(directory, Map.of("LOG_SQL_DSN", server.dsn("no-such-database")))) {
            assertThat(node.waitForEnd()).isNotZero();
            assertThat(node.output()).contains("no-such-database").doesNotContain(MariaDb.PASSWORD);
        }
    }

    @Test
    void aNodeThatIsStoppedWhileLogsAreAwaySaysWhatItLeaves() {
        try (NodeProcess node = NodeProcess.start(directory, Map.of())) {
            server.kill();
            call(node);
            awaitCharged(CALLS);

            node.terminate();
            node.waitForEnd();

            assertThat(node.output())
                    .contains("log rows wait in the journal, charges go on")
                    .contains("is booked and closed, but not all that stands in its journal could be stored")
                    .contains("the journal is kept");
        }
        server.startAgain();

        NodeProcess.start(directory, Map.of()).close();

        expectRows(CALLS);
    }
}
