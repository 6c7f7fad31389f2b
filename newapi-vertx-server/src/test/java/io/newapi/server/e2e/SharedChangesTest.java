package io.newapi.server.e2e;

import static io.newapi.server.e2e.DataDirectory.CALL_UNITS;
import static io.newapi.server.e2e.DataDirectory.PER_CALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.sandbox.Script;
import io.newapi.server.testing.MariaDb;
import io.newapi.server.testing.RedisServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A change that is made on one node holds on the other long before that would look by itself, which is in an hour. */
class SharedChangesTest {

    private static final int ENABLED = 1;
    private static final int DISABLED = 2;
    private static final long PLENTY = 1_000_000_000;
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    Path path;

    private final Upstreams upstreams = new Upstreams();
    private RedisServer redis;
    private DataDirectory directory;
    private Audited.Root root;
    private long user;
    private String accessToken;
    private long channel;
    private Key key;
    private TestNode here;
    private TestNode there;

    @BeforeEach
    void twoNodes() throws IOException {
        redis = RedisServer.orLeaveOut("changes that hold on all nodes at once");
        directory = DataDirectory.create(
                Files.createDirectory(path.resolve("here")),
                SharedDatabase.create(MariaDb.orLeaveOut("changes that hold on all nodes at once")));
        root = directory.root();
        user = directory.user("someone", PLENTY);
        key = directory.limitedToken(user, "key", PLENTY);
        accessToken = directory.accessToken(user);
        channel = directory.channel("only", upstreams.start(Script.PLAIN).url(), 0);
        Map<String, String> settings = Map.of(
                "REDIS_CONN_STRING", redis.url(),
                "CRYPTO_SECRET", "a secret that all nodes know",
                "SYNC_FREQUENCY", "3600");
        here = TestNode.start(directory, settings);
        there = TestNode.start(directory.ofAnotherNode(Files.createDirectory(path.resolve("there"))), settings);
        // both have looked everything up, and would go on believing it
        assertThat(call(here).status()).isEqualTo(200);
        assertThat(call(there).status()).isEqualTo(200);
    }

    @AfterEach
    void stop() {
        if (here != null) {
            here.close();
        }
        if (there != null) {
            there.close();
        }
        upstreams.close();
        if (redis != null) {
            redis.close();
        }
    }

    private Reply call(TestNode node) {
        return new Caller(node.url()).call(key, Caller.question(PER_CALL, "Is anybody there?"));
    }

    private void change(String method, String resource, JsonObject body) {
        change(root.userId(), root.accessToken(), method, resource, body);
    }

    private void change(long who, String accessToken, String method, String resource, JsonObject body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(here.url() + resource))
                .method(method, BodyPublishers.ofString(body.encode()))
                .header("Authorization", "Bearer " + accessToken)
                .header("New-Api-User", Long.toString(who))
                .header("Content-Type", "application/json")
                .build();
        String answer = HTTP.sendAsync(request, BodyHandlers.ofString()).join().body();
        assertThat(new JsonObject(answer).getBoolean("success")).as(answer).isTrue();
    }

    private void setChannel(int status) {
        change("PUT", "/api/channel/", new JsonObject().put("id", channel).put("status", status));
    }

    private void untilThereAnswers(int status) {
        Eventually.until("the other node answers " + status, () -> call(there).status() == status);
    }

    @Test
    void aPrice() {
        change(
                "PUT",
                "/api/option/",
                new JsonObject().put("key", "ModelPrice").put("value", "{\"" + PER_CALL + "\":0.004}"));

        Eventually.until("a call there costs twice as much", () -> {
            String id = call(there).requestId();
            return chargeOf(id) == 2 * CALL_UNITS;
        });
    }

    private long chargeOf(String requestId) {
        long[] quota = new long[1];
        Eventually.until("the charge of " + requestId + " is booked", () -> {
            quota[0] = Books.read(directory).charges().stream()
                    .filter(charge -> charge.requestId().equals(requestId))
                    .mapToLong(Charged::quota)
                    .findFirst()
                    .orElse(0);
            return quota[0] > 0;
        });
        return quota[0];
    }

    @Test
    void aChannelHoweverOftenItIsChanged() {
        // the first change may be seen because a node has just joined; the later ones are heard of
        for (int i = 0; i < 3; i++) {
            setChannel(DISABLED);
            untilThereAnswers(503);
            setChannel(ENABLED);
            untilThereAnswers(200);
        }
    }

    @Test
    void aToken() {
        change(
                user,
                accessToken,
                "PUT",
                "/api/token/?status_only=true",
                new JsonObject().put("id", key.tokenId()).put("status", 2));

        untilThereAnswers(401);
    }

    @Test
    void aUser() {
        change("POST", "/api/user/manage", new JsonObject().put("id", user).put("action", "disable"));

        untilThereAnswers(403);
    }

    @Test
    void whatWasChangedWhileRedisWasAwayHoldsWhenItIsBack() {
        redis.kill();
        setChannel(DISABLED);

        redis.startAgain();

        untilThereAnswers(503);
    }
}
