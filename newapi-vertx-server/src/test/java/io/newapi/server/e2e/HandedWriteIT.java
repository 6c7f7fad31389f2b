package io.newapi.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.testing.MariaDb;
import io.newapi.server.testing.RedisServer;
import io.newapi.server.testing.TcpProxy;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A change that a node has handed to the master is made once, also when the master is killed in the middle of it. The change
 * is the copy of a channel, which would be a second one if it were made twice, and whose answer is the number of the first.
 */
class HandedWriteIT {

    private static final String UNTESTED = "changes in the hands of a master that is killed";

    @TempDir
    Path path;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private DataDirectory directory;
    private Console console;
    private RedisServer redis;
    private SharedDatabase database;
    private TcpProxy wayOfTheMaster;
    private NodeProcess master;
    private TestNode asked;
    private long channel;

    @BeforeEach
    void start() throws IOException {
        redis = opened(RedisServer.orLeaveOut(UNTESTED));
        database = SharedDatabase.create(MariaDb.orLeaveOut(UNTESTED));
        directory = DataDirectory.create(Files.createDirectory(path.resolve("master")), database);
        console = new Console(directory.root());
        channel = directory.channel("original", "http://127.0.0.1:1", 0);
        wayOfTheMaster = opened(TcpProxy.to(redis.port()));
        Map<String, String> byProxy = new HashMap<>(settings("master"));
        byProxy.put(
                "REDIS_CONN_STRING", redis.url().replace(":" + redis.port() + "/", ":" + wayOfTheMaster.port() + "/"));
        master = opened(NodeProcess.start(directory, byProxy));
        asked = opened(TestNode.start(
                directory.ofAnotherNode(Files.createDirectory(path.resolve("asked"))), settings("asked")));
        Eventually.until(
                "the cluster is healthy",
                () -> console.get(asked.url(), "/api/cluster/doctor").getBoolean("healthy"));
        assertThat(console.roles(asked.url())).containsEntry("master", "master alive");
    }

    @AfterEach
    void stop() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        opened.add(closeable);
        return closeable;
    }

    private Map<String, String> settings(String name) {
        return Map.of(
                "NODE_NAME",
                name,
                "NODE_TYPE",
                "auto",
                "REDIS_CONN_STRING",
                redis.url(),
                "CRYPTO_SECRET",
                "a secret that all nodes know",
                "SESSION_SECRET",
                "another secret that all know",
                "SYNC_FREQUENCY",
                "3600");
    }

    /** Asks for a copy, which the master begins and cannot end while {@code locking} has locked the channels. */
    private CompletableFuture<JsonObject> copyInTheHandsOfTheMaster(Connection locking) throws SQLException {
        locking.setAutoCommit(false);
        try (Statement statement = locking.createStatement()) {
            statement.executeQuery("select * from channels for update").close();
        }
        CompletableFuture<JsonObject> copy =
                console.send(asked.url(), "POST", "/api/channel/copy/" + channel, new JsonObject());
        Eventually.until(
                "the master waits for the channels",
                () -> count("select count(*) from information_schema.processlist"
                                        + " where info like 'insert into `channels`%'")
                                > 0
                        || copy.isDone());
        assertThat(copy).isNotDone();
        return copy;
    }

    private long count(String sql) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void assertMadeOnceAndSaid(JsonObject answer) {
        assertThat(answer.getBoolean("success")).as(answer.encode()).isTrue();
        assertThat(count("select count(*) from channels"))
                .as("the original and one copy")
                .isEqualTo(2);
        assertThat(answer.getJsonObject("data").getLong("id"))
                .isEqualTo(count("select id from channels where id <> " + channel));
        assertThat(count("select count(*) from newapi_writes where answer <> ''"))
                .isEqualTo(1);
    }

    @Test
    void whenTheMasterIsKilledAfterTheChangeAndBeforeItsAnswerTheKeptAnswerIsGiven() throws SQLException {
        CompletableFuture<JsonObject> copy;
        try (Connection locking = database.connect()) {
            copy = copyInTheHandsOfTheMaster(locking);
            wayOfTheMaster.hold();
            locking.rollback();
        }
        Eventually.until(
                "the change is made", () -> count("select count(*) from newapi_writes where answer <> ''") == 1);
        assertThat(copy).as("its answer is held up").isNotDone();

        master.kill();

        assertMadeOnceAndSaid(copy.join());
    }

    @Test
    void whenTheMasterIsKilledBeforeTheChangeItsFollowerMakesIt() throws SQLException {
        CompletableFuture<JsonObject> copy;
        try (Connection locking = database.connect()) {
            copy = copyInTheHandsOfTheMaster(locking);

            master.kill();

            locking.rollback();
        }

        assertMadeOnceAndSaid(copy.join());
        assertThat(console.roles(asked.url())).containsEntry("asked", "master alive");
    }
}
