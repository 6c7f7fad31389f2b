package io.newapi.server.e2e;

import static io.newapi.server.e2e.DataDirectory.BY_RATIO;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.sandbox.Sandbox;
import io.newapi.sandbox.Script;
import io.newapi.server.e2e.Line.Said;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node says of itself, and how it goes. */
class HealthTest {

    private static final long PLENTY = 1_000_000_000;

    @TempDir
    Path path;

    private final Upstreams upstreams = new Upstreams();
    private DataDirectory directory;

    @BeforeEach
    void prepare() {
        directory = DataDirectory.create(path);
    }

    @AfterEach
    void closeUpstreams() {
        upstreams.close();
    }

    @Test
    void aNodeThatServesIsAliveAndReadyToWhoeverAsks() {
        try (TestNode node = TestNode.start(
                directory, Map.of("GLOBAL_API_RATE_LIMIT_ENABLE", "true", "GLOBAL_API_RATE_LIMIT", "5"))) {
            for (int probe = 0; probe < 10; probe++) {
                assertThat(Line.once(node.port(), "GET", "/readyz").status()).isEqualTo(200);
            }
            Said alive = Line.once(node.port(), "GET", "/livez");
            Said ready = Line.once(node.port(), "GET", "/readyz");

            assertThat(alive.status()).isEqualTo(200);
            assertThat(alive.body()).isEqualTo("ok\n");
            assertThat(new JsonObject(ready.body())).isEqualTo(new JsonObject("""
                                    {"ready": true, "state": "serving", "checks": {"database": {"status": "ok"},
                                    "journal": {"status": "ok"}, "ledger": {"status": "ok"}}}"""));
            assertThat(ready.header("Cache-Control")).isEqualTo("no-store");
            assertThat(Line.once(node.port(), "HEAD", "/readyz").status()).isEqualTo(200);
            assertThat(Line.once(node.port(), "HEAD", "/livez").header("Content-Length"))
                    .isEqualTo("3");
            assertThat(Line.once(node.port(), "POST", "/livez").status()).isEqualTo(405);
        }
    }

    @Test
    void aNodeThatStopsSaysSoRefusesWhatIsNewAndEndsWhatIsUnderWay() {
        Sandbox upstream = upstreams.start(
                Script.PLAIN.withUsage(7, 60, 0).withChunks(60).withDelays(Duration.ZERO, Duration.ofMillis(25)));
        directory.channel("only", upstream.url(), 0);
        Key key = directory.unlimitedToken(directory.user("someone", PLENTY), "key");
        try (NodeProcess node = NodeProcess.start(directory, Map.of());
                Line balancer = Line.to(node.port())) {
            assertThat(balancer.ask("GET", "/readyz").header("Connection")).isNotEqualTo("close");
            CompletableFuture<Reply> answer = new Caller(node.url())
                    .send(key, Caller.question(BY_RATIO, "Tell me a story").put("stream", true));
            Eventually.until(
                    "the stream runs", () -> upstream.requests().stream().anyMatch(request -> request.chunks() > 2));

            node.terminate();

            Eventually.until(
                    "it is not ready",
                    () -> Line.once(node.port(), "GET", "/readyz").status() == 503);
            Said kept = balancer.ask("GET", "/readyz");
            assertThat(new JsonObject(kept.body()).getString("state")).isEqualTo("draining");
            assertThat(kept.header("Connection")).isEqualTo("close");
            Said call = Line.once(node.port(), "POST", "/v1/chat/completions", "Authorization: Bearer " + key.text());
            assertThat(call.status()).isEqualTo(503);
            assertThat(call.header("Retry-After")).isEqualTo("1");
            assertThat(call.header("Connection")).isEqualTo("close");
            Said change = Line.once(node.port(), "POST", "/api/user/login");
            assertThat(change.status()).isEqualTo(503);
            assertThat(change.header("Retry-After")).isEqualTo("1");
            assertThat(new JsonObject(change.body()).getString("code")).isEqualTo("shutting_down");
            assertThat(Line.once(node.port(), "GET", "/api/notice").status()).isEqualTo(200);
            Said status = Line.once(node.port(), "GET", "/api/status");
            assertThat(status.body()).contains("\"success\":true");
            assertThat(status.header("Connection")).isEqualTo("close");
            assertThat(Line.once(node.port(), "GET", "/livez").status()).isEqualTo(200);
            assertThat(answer).isNotDone();

            Reply reply = answer.join();
            assertThat(reply.complete()).as(reply.body()).isTrue();
            assertThat(node.waitForEnd()).isEqualTo(143);
            Books books = Books.read(directory).agree().nothingLeased();
            assertThat(books.charge(reply.requestId()).quota()).isEqualTo(7 + 2 * 60);
        }
    }

    @Test
    void whoeverAsksNowAndThenIsGivenTimeToNotice() {
        directory.channel(
                "only", upstreams.start(Script.PLAIN.withUsage(10, 10, 0)).url(), 0);
        Key key = directory.unlimitedToken(directory.user("someone", PLENTY), "key");
        try (TestNode node = TestNode.start(directory, Map.of("NEWAPI_DRAIN_DELAY_SECONDS", "2"))) {
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(node::stop);
            Eventually.until(
                    "it is not ready",
                    () -> Line.once(node.port(), "GET", "/readyz").status() == 503);

            Reply reply = new Caller(node.url()).call(key, Caller.question(BY_RATIO, "Still there?"));

            assertThat(reply.complete()).as(reply.body()).isTrue();
            stopped.join();
        }
        Books.read(directory).agree().nothingLeased();
    }

    @Test
    void whatDoesNotEndInTimeIsCutOffAndCharged() {
        Sandbox upstream = upstreams.start(
                Script.PLAIN.withUsage(7, 5000, 0).withChunks(5000).withDelays(Duration.ZERO, Duration.ofMillis(25)));
        directory.channel("only", upstream.url(), 0);
        long user = directory.user("someone", PLENTY);
        Key key = directory.unlimitedToken(user, "key");
        CompletableFuture<Reply> answer;
        try (TestNode node = TestNode.start(directory, Map.of("SHUTDOWN_TIMEOUT_SECONDS", "0"))) {
            answer = new Caller(node.url())
                    .send(key, Caller.question(BY_RATIO, "Tell me a long story").put("stream", true));
            Eventually.until(
                    "the stream runs", () -> upstream.requests().stream().anyMatch(request -> request.chunks() > 2));

            node.stop();
        }

        assertThat(answer).failsWithin(Duration.ofSeconds(60));
        Books books = Books.read(directory).agree().nothingLeased();
        assertThat(books.charges()).hasSize(1);
        assertThat(books.user(user).left()).isLessThan(PLENTY);
    }
}
