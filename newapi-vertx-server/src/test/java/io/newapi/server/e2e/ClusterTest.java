package io.newapi.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.testing.MariaDb;
import io.newapi.server.testing.RedisServer;
import io.newapi.server.testing.SmtpServer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that share MariaDB and Redis: who is the master, who does what administrators want, and what each knows. */
class ClusterTest {

    @TempDir
    Path path;

    private final Vertx vertx = Vertx.vertx();
    private final List<TestNode> nodes = new ArrayList<>();
    private RedisServer redis;
    private SharedDatabase database;
    private DataDirectory directory;
    private Console console;

    @BeforeEach
    void servers() throws IOException {
        redis = RedisServer.orLeaveOut("nodes that have a master");
        database = SharedDatabase.create(MariaDb.orLeaveOut("nodes that have a master"));
        directory = DataDirectory.create(Files.createDirectory(path.resolve("here")), database);
        console = new Console(directory.root());
    }

    @AfterEach
    void stop() {
        nodes.forEach(TestNode::close);
        vertx.close().await();
        if (redis != null) {
            redis.close();
        }
    }

    private TestNode node(String name, String type, Map<String, String> more) throws IOException {
        Map<String, String> settings = new HashMap<>(Map.of(
                "REDIS_CONN_STRING",
                redis.url(),
                "CRYPTO_SECRET",
                "a secret that all nodes know",
                "SESSION_SECRET",
                "another secret that all know",
                "SYNC_FREQUENCY",
                "3600",
                "NODE_NAME",
                name,
                "NODE_TYPE",
                type));
        settings.putAll(more);
        TestNode node = TestNode.start(
                nodes.isEmpty() ? directory : directory.ofAnotherNode(Files.createDirectory(path.resolve(name))),
                settings);
        nodes.add(node);
        return node;
    }

    private TestNode node(String name, String type) throws IOException {
        return node(name, type, Map.of());
    }

    private JsonObject ask(TestNode node, String method, String resource, JsonObject body) {
        return console.ask(node.url(), method, resource, body);
    }

    private JsonObject get(TestNode node, String resource) {
        return console.get(node.url(), resource);
    }

    private Map<String, String> roles(TestNode asked) {
        return console.roles(asked.url());
    }

    private void rename(TestNode node, String name) {
        console.rename(node.url(), name);
    }

    private String name(TestNode node) {
        return console.name(node.url());
    }

    private long handedOver() {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from newapi_writes")) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void untilTheyHearEachOther(TestNode asked) {
        Eventually.until(
                "the cluster is healthy",
                () -> get(asked, "/api/cluster/doctor").getBoolean("healthy")
                        && get(asked, "/api/cluster/nodes").getJsonArray("nodes").stream()
                                .map(JsonObject.class::cast)
                                .allMatch(row -> row.getJsonArray("hears").size() == nodes.size() - 1));
    }

    @Test
    void theFirstCandidateIsTheMasterAndAnotherFollowsWhenItStops() throws IOException {
        TestNode first = node("first", "auto");
        TestNode second = node("second", "auto");
        TestNode slave = node("slave", "slave");

        assertThat(roles(slave))
                .isEqualTo(Map.of("first", "master alive", "second", "standby alive", "slave", "slave alive"));

        first.stop();

        Eventually.until(
                "the second is the master",
                () -> "master alive".equals(roles(slave).get("second")));
        assertThat(roles(second).get("first")).isEqualTo("standby stopped");
        Figures figures = Figures.of(second);
        assertThat(figures.of("newapi_cluster_role{role=\"master\"}")).isEqualTo(1);
        assertThat(figures.of("newapi_cluster_role{role=\"standby\"}")).isZero();
        assertThat(figures.of("newapi_cluster_nodes")).isEqualTo(2);
        assertThat(Figures.of(slave).of("newapi_cluster_role{role=\"slave\"}")).isEqualTo(1);
    }

    @Test
    void rootIsToldOfAnotherMasterAndOfUncleanBooks() throws Exception {
        BlockingQueue<JsonObject> told = new LinkedBlockingQueue<>();
        HttpServer webhook = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    told.add(body.toJsonObject());
                    request.response().end();
                }))
                .listen(0, "127.0.0.1")
                .await();
        SmtpServer smtp = SmtpServer.plain();
        directory.options(Map.of(
                "fetch_setting.allow_private_ip",
                "true",
                "SMTPServer",
                "127.0.0.1",
                "SMTPPort",
                Integer.toString(smtp.port()),
                "SMTPFrom",
                "gateway@example.com"));
        TestNode first = node("first", "auto");
        TestNode second = node("second", "auto");
        JsonObject setting = new JsonObject()
                .put("notify_type", "webhook")
                .put("webhook_url", "http://127.0.0.1:" + webhook.actualPort() + "/hook");
        assertThat(ask(second, "PUT", "/api/user/setting", setting).getBoolean("success"))
                .isTrue();

        first.stop();

        JsonObject change = told.poll(60, TimeUnit.SECONDS);
        assertThat(change.getString("type")).isEqualTo("master_changed");
        assertThat(change.getJsonArray("values")).isEqualTo(JsonArray.of("second", "first", "left", "2"));

        execute("update users set quota = quota + 7");
        ask(second, "POST", "/api/audit", new JsonObject());

        JsonObject unclean = told.poll(60, TimeUnit.SECONDS);
        assertThat(unclean.getString("type")).isEqualTo("audit_unclean");
        assertThat(unclean.getJsonArray("values")).isEqualTo(JsonArray.of("1", "0", "0"));

        JsonObject byMail = new JsonObject().put("notify_type", "email").put("notification_email", "root@example.com");
        assertThat(ask(second, "PUT", "/api/user/setting", byMail).getBoolean("success"))
                .isTrue();
        ask(second, "POST", "/api/audit", new JsonObject());

        SmtpServer.Taken mail = smtp.next();
        assertThat(mail.from()).isEqualTo("gateway@example.com");
        assertThat(mail.to()).containsExactly("root@example.com");
        assertThat(mail.message()).contains("audit_unclean", "1 differences");
        assertThat(told).isEmpty();
        assertThat(smtp.isEmpty()).isTrue();
        smtp.close();
    }

    @Test
    void whatIsChangedOnASlaveIsDoneByTheMasterAndHoldsOnBothWithTheAnswer() throws IOException {
        TestNode master = node("master", "master");
        TestNode slave = node("slave", "slave");
        untilTheyHearEachOther(slave);

        rename(slave, "by the slave");

        assertThat(handedOver()).isEqualTo(1);
        assertThat(name(slave)).isEqualTo("by the slave");
        assertThat(name(master)).isEqualTo("by the slave");
        rename(master, "by the master");
        assertThat(handedOver()).as("its own work is handed to nobody").isEqualTo(1);
        assertThat(Figures.of(slave).of("newapi_admin_writes_handed_total")).isPositive();
        assertThat(Figures.of(master).of("newapi_admin_writes_handed_total")).isZero();
    }

    @Test
    void whatIsRefusedByTheMasterIsRefused() throws IOException {
        node("master", "master");
        TestNode slave = node("slave", "slave");
        untilTheyHearEachOther(slave);

        JsonObject answer = ask(
                slave,
                "PUT",
                "/api/option/",
                new JsonObject().put("key", "ModelRatio").put("value", "no JSON"));

        assertThat(answer.getBoolean("success")).isFalse();
        assertThat(answer.getString("message")).isNotEmpty();
        assertThat(handedOver())
                .as("nothing was done that a repeat must not do")
                .isZero();
    }

    @Test
    void withoutRedisASlaveDoesItItself() throws IOException {
        node("master", "master");
        TestNode slave = node("slave", "slave");
        untilTheyHearEachOther(slave);
        assertThat(Figures.of(slave).of("newapi_bridge_joined")).isEqualTo(1);
        assertThat(Figures.of(slave).of("newapi_bridge_missed_total"))
                .as("what was said before it joined")
                .isPositive();
        redis.kill();

        rename(slave, "without Redis");

        assertThat(name(slave)).isEqualTo("without Redis");
        Eventually.until("the loss is seen", () -> Figures.of(slave).of("newapi_bridge_joined") == 0);
    }

    @Test
    void slavesThatHaveNoMasterOfOursDoItThemselves() throws IOException {
        TestNode slave = node("slave", "slave");
        TestNode other = node("other", "slave");
        Eventually.until(
                "they hear each other",
                () -> !get(slave, "/api/cluster/nodes")
                        .getJsonArray("nodes")
                        .getJsonObject(0)
                        .getJsonArray("hears")
                        .isEmpty());

        rename(slave, "beside an original master");

        Eventually.until("it holds on the other", () -> name(other).equals("beside an original master"));
        assertThat(handedOver()).isZero();
    }

    @Test
    void anotherSecretIsFoundByBothSides() throws IOException {
        TestNode one = node("one", "auto");
        TestNode two = node("two", "auto", Map.of("SESSION_SECRET", "not the secret that others have"));

        for (TestNode asked : List.of(one, two)) {
            JsonObject report = get(asked, "/api/cluster/doctor");
            assertThat(report.getBoolean("healthy")).isFalse();
            assertThat(report.getJsonArray("findings").getJsonObject(0).getString("code"))
                    .isEqualTo("session_secret");
        }
    }
}
