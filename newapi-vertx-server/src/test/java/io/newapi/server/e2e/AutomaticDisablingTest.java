package io.newapi.server.e2e;

import static io.newapi.server.e2e.DataDirectory.CALL_UNITS;
import static io.newapi.server.e2e.DataDirectory.PER_CALL;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.newapi.server.testing.MariaDb;
import io.newapi.server.testing.RedisServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An upstream refuses a key: the channel, or the key alone, is disabled on all nodes, and comes back when it works again. */
class AutomaticDisablingTest {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String GOOD = "{\"id\":\"c\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,"
            + "\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"},\"finish_reason\":\"stop\"}],"
            + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}";
    private static final String BAD = "{\"error\":{\"message\":\"this key is unknown\"}}";

    @TempDir
    Path path;

    private final Set<String> refusedKeys = ConcurrentHashMap.newKeySet();
    private HttpServer upstream;

    @BeforeEach
    void startUpstream() throws IOException {
        upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        upstream.createContext("/", this::answer);
        upstream.start();
    }

    @AfterEach
    void stopUpstream() {
        upstream.stop(0);
    }

    private void answer(HttpExchange call) throws IOException {
        try (call) {
            call.getRequestBody().readAllBytes();
            String authorization = call.getRequestHeaders().getFirst("Authorization");
            boolean bad = refusedKeys.contains(authorization.substring("Bearer ".length()));
            byte[] body = (bad ? BAD : GOOD).getBytes(StandardCharsets.UTF_8);
            call.getResponseHeaders().add("Content-Type", "application/json");
            call.sendResponseHeaders(bad ? 401 : 200, body.length);
            call.getResponseBody().write(body);
        }
    }

    /** What is in a node's database, with one channel, which calls the upstream. */
    private record Filled(DataDirectory directory, Audited.Root root, Key key, long channel, AtomicInteger answered) {

        private Reply call(TestNode node) {
            Reply reply = new Caller(node.url()).call(key, Caller.question(PER_CALL, "Is anybody there?"));
            answered.addAndGet(reply.status() == 200 ? 1 : 0);
            return reply;
        }

        /** When the nodes are stopped: what was answered was paid for, and neither refusals nor tests were. */
        private void assertCharged(int calls) {
            assertThat(answered.get()).isEqualTo(calls);
            assertThat(Books.read(directory).agree().nothingLeased().charges())
                    .extracting(Charged::quota)
                    .isEqualTo(Collections.nCopies(calls, CALL_UNITS));
        }

        /** What a node selects from, without calling the upstream. */
        private boolean serves(TestNode node) {
            return send(HttpRequest.newBuilder(URI.create(node.url() + "/v1/models"))
                            .header("Authorization", "Bearer " + key.text())
                            .build())
                    .contains(PER_CALL);
        }

        private void administer(TestNode node, String method, String resource, JsonObject body) {
            String answer = send(HttpRequest.newBuilder(URI.create(node.url() + resource))
                    .method(method, BodyPublishers.ofString(body.encode()))
                    .header("Authorization", "Bearer " + root.accessToken())
                    .header("New-Api-User", Long.toString(root.userId()))
                    .header("Content-Type", "application/json")
                    .build());
            assertThat(new JsonObject(answer).getBoolean("success")).as(answer).isTrue();
        }

        private void testOften(TestNode node) {
            Map.of(
                            "monitor_setting.auto_test_channel_minutes", "0.001",
                            "monitor_setting.auto_test_channel_enabled", "true")
                    .forEach((name, value) -> administer(
                            node,
                            "PUT",
                            "/api/option/",
                            new JsonObject().put("key", name).put("value", value)));
        }

        private String column(String sql) {
            try (Connection connection = directory.connect();
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(sql)) {
                rows.next();
                return rows.getString(1);
            } catch (SQLException e) {
                throw new IllegalStateException(sql, e);
            }
        }
    }

    private Filled fill(DataDirectory directory) {
        directory.options(Map.of("AutomaticDisableChannelEnabled", "true", "AutomaticEnableChannelEnabled", "true"));
        return new Filled(
                directory,
                directory.root(),
                directory.unlimitedToken(directory.user("someone", 1_000_000_000), "key"),
                directory.channel("only", upstreamUrl(), 0),
                new AtomicInteger());
    }

    private String upstreamUrl() {
        return "http://127.0.0.1:" + upstream.getAddress().getPort();
    }

    private static String send(HttpRequest request) {
        return HTTP.sendAsync(request, BodyHandlers.ofString()).join().body();
    }

    @Test
    void aChannelOnAllNodes() throws IOException {
        try (RedisServer redis = RedisServer.orLeaveOut("what is disabled on all nodes at once")) {
            DataDirectory directory = DataDirectory.create(
                    Files.createDirectory(path.resolve("here")),
                    SharedDatabase.create(MariaDb.orLeaveOut("what is disabled on all nodes at once")));
            Filled filled = fill(directory);
            long channel = filled.channel();
            Map<String, String> settings = Map.of(
                    "REDIS_CONN_STRING", redis.url(),
                    "CRYPTO_SECRET", "a secret that all nodes know",
                    "SYNC_FREQUENCY", "3600");
            DataDirectory another = directory.ofAnotherNode(Files.createDirectory(path.resolve("there")));
            try (TestNode here = TestNode.start(directory, settings);
                    TestNode there = TestNode.start(another, settings)) {
                assertThat(filled.call(here).status()).isEqualTo(200);
                assertThat(filled.serves(there)).isTrue();
                refusedKeys.add("sk-upstream-of-only");
                long before = Instant.now().getEpochSecond();

                for (int i = 0; i < 3; i++) {
                    assertThat(filled.call(there).status()).isEqualTo(401);
                }

                Eventually.until("the nodes serve it no more", () -> !filled.serves(here) && !filled.serves(there));
                assertThat(filled.call(here).status()).isEqualTo(503);
                assertThat(filled.column("select status from channels where id = " + channel))
                        .isEqualTo("3");
                JsonObject note =
                        new JsonObject(filled.column("select other_info from channels where id = " + channel));
                assertThat(note.getString("status_reason")).isEqualTo("status 401: this key is unknown");
                assertThat(note.getLong("status_time")).isGreaterThanOrEqualTo(before);
                assertThat(filled.column("select max(enabled) from abilities where channel_id = " + channel))
                        .isIn("0", "false");

                refusedKeys.clear();
                filled.testOften(here);

                Eventually.until("the nodes serve it again", () -> filled.serves(here) && filled.serves(there));
                assertThat(filled.call(there).status()).isEqualTo(200);
            }
            filled.assertCharged(2);
        }
    }

    @Test
    void aKeyAmongSeveral() {
        Filled filled = fill(DataDirectory.create(path));
        long several = filled.channel() + 1;
        try (TestNode node = TestNode.start(filled.directory())) {
            filled.administer(
                    node,
                    "POST",
                    "/api/channel/",
                    new JsonObject()
                            .put("mode", "multi_to_single")
                            .put("multi_key_mode", "polling")
                            .put(
                                    "channel",
                                    new JsonObject()
                                            .put("type", 1)
                                            .put("name", "several")
                                            .put("key", "sk-first\nsk-second")
                                            .put("base_url", upstreamUrl())
                                            .put("models", PER_CALL)
                                            .put("group", "default")
                                            .put("priority", 100)));
            refusedKeys.add("sk-second");
            String info = "select channel_info from channels where id = " + several;

            Eventually.until("the key is disabled", () -> {
                filled.call(node);
                return filled.column(info).contains("\"1\":3");
            });
            Eventually.until("the node knows", () -> {
                int good = 0;
                for (int i = 0; i < 4; i++) {
                    good += filled.call(node).status() == 200 ? 1 : 0;
                }
                return good == 4;
            });
            assertThat(filled.column(info)).contains("status 401: this key is unknown");
            assertThat(filled.column("select status from channels where id = " + several))
                    .isEqualTo("1");

            refusedKeys.clear();
            filled.testOften(node);

            Eventually.until("the key is back", () -> !filled.column(info).contains("\"1\":3"));
        }
        filled.assertCharged(filled.answered().get());
    }
}
