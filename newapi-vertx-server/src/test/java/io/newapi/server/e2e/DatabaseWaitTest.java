package io.newapi.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

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
            assertThat(node.output()).contains("the node waits for its database: cannot connect to the database");
            assertThat(Line.once(port, "GET", "/livez").status()).isEqualTo(200);
            Line.Said ready = Line.once(port, "GET", "/readyz");
            assertThat(ready.status()).isEqualTo(503);
            assertThat(new JsonObject(ready.body()))
                    .isEqualTo(
                            new JsonObject(
                                    """
                                    {"ready": false, "state": "starting",
                                    "checks": {"database": {"status": "degraded", "reason": "unreachable"}}}"""));
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

            Eventually.until("it says that its database is away", () -> Line.once(port, "GET", "/readyz")
                    .body()
                    .contains("\"database\":{\"status\":\"degraded\""));
            assertThat(Line.once(port, "GET", "/readyz").status()).isEqualTo(200);
            assertThat(Line.once(port, "GET", "/api/status").body()).contains("\"success\":true");
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
        try (NodeProcess node = NodeProcess.launch(
                directory, Map.of("SQL_DSN", awayDsn(), "NEWAPI_DATABASE_WAIT_SECONDS", "0"))) {
            assertThat(node.waitForEnd()).isEqualTo(1);
            assertThat(node.output()).contains("the node cannot start: cannot connect to the database");
        }
    }

    @Test
    void aWrongPasswordAndAnUnknownDatabaseAreNotWaitedFor() {
        for (String dsn : new String[] {
            "newapi:wrong@tcp(127.0.0.1:" + server.port() + ")/" + database.name(),
            server.dsn("no-such-database")
        }) {
            try (NodeProcess node = NodeProcess.launch(directory, Map.of("SQL_DSN", dsn))) {
                assertThat(node.waitForEnd()).as(node.output()).isEqualTo(1);
            }
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
