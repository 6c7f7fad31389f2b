package io.newapi.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.newapi.server.NewApiServer;
import io.newapi.server.store.DatabaseException;
import io.newapi.server.testing.MariaDb;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that is started before its database. */
class DatabaseWaitTest {

    @TempDir
    Path path;

    private final Vertx vertx = Vertx.vertx();
    private MariaDb server;
    private DataDirectory directory;
    private SharedDatabase database;
    private int away;

    @BeforeEach
    void prepare() throws IOException {
        server = MariaDb.orLeaveOut("a node that is started before its database");
        database = SharedDatabase.create(server);
        directory = DataDirectory.create(Files.createDirectories(path.resolve("node")), database);
        directory.root();
        try (ServerSocket free = new ServerSocket(0)) {
            away = free.getLocalPort();
        }
    }

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void itListensAndWaitsAndServesWhenTheDatabaseIsThere() {
        try (NodeProcess node = NodeProcess.launch(directory, Map.of("SQL_DSN", awayDsn()))) {
            int port = node.awaitLine("meanwhile health checks are answered on port (\\d+)");
            assertThat(node.output())
                    .contains("the node waits for its database: SQL_DSN: cannot connect to the database");
            assertThat(Line.once(port, "GET", "/livez").status()).isEqualTo(200);
            Line.Said ready = Line.once(port, "GET", "/readyz");
            assertThat(ready.status()).isEqualTo(503);
            assertThat(new JsonObject(ready.body())).isEqualTo(new JsonObject("""
                {"ready": false, "state": "starting",
                "checks": {"database": {"status": "degraded", "reason": "unreachable"}}}\
                """));
            Line.Said call = Line.once(port, "POST", "/v1/chat/completions");
            assertThat(call.status()).isEqualTo(503);
            assertThat(call.header("Retry-After")).isNotEmpty();
            assertThat(Line.once(port, "GET", "/api/status").status()).isEqualTo(503);

            NetServer way = serverComes();

            node.awaitServing();
            assertThat(node.port()).isEqualTo(port);
            assertThat(Line.once(port, "GET", "/readyz").status()).isEqualTo(200);
            assertThat(Line.once(port, "GET", "/api/status").body()).contains("\"success\":true");

            way.close().await();

            Eventually.until(
                    "it says that its database is away",
                    () -> Line.once(port, "GET", "/readyz").body().contains("\"database\":{\"status\":\"degraded\""));
            assertThat(Line.once(port, "GET", "/readyz").status()).isEqualTo(200);
            assertThat(Line.once(port, "GET", "/api/status").body()).contains("\"success\":true");
            // without a database the end would be long
            node.kill();
        }
    }

    @Test
    void aSlaveWaitsUntilTheMasterHasMadeTheTables() throws IOException {
        SharedDatabase empty = SharedDatabase.create(server);
        Map<String, String> slave = Map.of("NODE_TYPE", "slave");
        DataDirectory others = DataDirectory.untouched(Files.createDirectories(path.resolve("master")), empty);
        DataDirectory its = DataDirectory.untouched(Files.createDirectories(path.resolve("slave")), empty);

        try (NodeProcess node = NodeProcess.launch(its, slave)) {
            int port = node.awaitLine("meanwhile health checks are answered on port (\\d+)");
            assertThat(node.output())
                    .contains("the node waits for its database: SQL_DSN: 18 of New API's tables are missing");
            assertThat(Line.once(port, "GET", "/livez").status()).isEqualTo(200);
            Line.Said ready = Line.once(port, "GET", "/readyz");
            assertThat(ready.status()).isEqualTo(503);
            assertThat(ready.body()).contains("\"reason\":\"no_tables\"");

            try (TestNode master = TestNode.start(others, Map.of("NODE_TYPE", "master"))) {
                node.awaitServing();

                assertThat(node.port()).isEqualTo(port);
                assertThat(Line.once(master.port(), "GET", "/readyz").status()).isEqualTo(200);
                assertThat(Line.once(port, "GET", "/readyz").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void aNodeThatWaitsCanBeStopped() {
        try (NodeProcess node = NodeProcess.launch(directory, Map.of("SQL_DSN", awayDsn()))) {
            node.awaitLine("port (\\d+)");

            node.terminate();

            assertThat(node.waitForEnd()).isEqualTo(143);
            assertThat(node.output()).doesNotContain("cannot start");
        }
    }

    @Test
    void whoDoesNotWantToWaitIsToldAtOnce() {
        String nowhere = "newapi:secret@tcp(no-such-host.invalid:3306)/x";

        assertThat(refusal(Map.of("SQL_DSN", awayDsn(), "NEWAPI_DATABASE_WAIT_SECONDS", "0")))
                .isEqualTo("UNREACHABLE: SQL_DSN: cannot connect to the database " + database.name() + " on 127.0.0.1:"
                        + away + ": nothing listens there");
        assertThat(refusal(Map.of("SQL_DSN", nowhere, "NEWAPI_DATABASE_WAIT_SECONDS", "0")))
                .isEqualTo(
                        "UNREACHABLE: SQL_DSN: cannot connect to the database x on no-such-host.invalid:3306: there is"
                                + " no host of this name");
    }

    @Test
    void aWrongPasswordAndAnUnknownDatabaseAreNotWaitedFor() {
        int port = server.port();
        String wrong = "newapi:wrong@tcp(127.0.0.1:" + server.port() + ")/" + database.name();
        String unknown = server.dsn("no-such-database");

        String encrypted = database.dsn() + "?tls=true";

        assertThat(refusal(Map.of("SQL_DSN", wrong)))
                .isEqualTo(
                        "REFUSED: SQL_DSN: cannot connect to the database " + database.name() + " on 127.0.0.1:" + port
                                + ": the server does not accept this user with this password; one that wants TLS says"
                                + " the same");
        assertThat(refusal(Map.of("SQL_DSN", unknown)))
                .isEqualTo("REFUSED: SQL_DSN: cannot connect to the database no-such-database on 127.0.0.1:" + port
                        + ": the server has no such database");
        assertThat(refusal(Map.of("SQL_DSN", encrypted)))
                .startsWith("REFUSED: SQL_DSN: ")
                .contains("TLS");
        assertThat(refusal(Map.of("SQL_DSN", database.dsn(), "LOG_SQL_DSN", unknown)))
                .isEqualTo("REFUSED: LOG_SQL_DSN: cannot connect to the database no-such-database on 127.0.0.1:" + port
                        + ": the server has no such database");
    }

    private String refusal(Map<String, String> settings) {
        try (NewApiServer node = new NewApiServer(TestNode.config(directory, settings))) {
            DatabaseException refused = catchThrowableOfType(DatabaseException.class, node::start);
            return refused.reason() + ": " + refused.getMessage();
        }
    }

    private String awayDsn() {
        return database.dsn().replace(":" + server.port() + ")", ":" + away + ")");
    }

    /** From now on what listens there is the database. */
    private NetServer serverComes() {
        NetClient client = vertx.createNetClient();
        return vertx.createNetServer()
                .connectHandler(in -> {
                    in.pause();
                    client.connect(server.port(), "127.0.0.1")
                            .onSuccess(out -> {
                                in.pipeTo(out);
                                out.pipeTo(in);
                            })
                            .onFailure(failure -> in.close());
                })
                .listen(away, "127.0.0.1")
                .await();
    }
}
