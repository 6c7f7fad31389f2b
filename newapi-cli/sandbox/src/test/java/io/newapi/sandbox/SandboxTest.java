package io.newapi.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The life of a sandbox, what it remembers, and how it bears many or slow or vanishing clients. */
@Timeout(60)
class SandboxTest {

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void itListensOnAFreePortAndStopsWhenClosed() {
        Sandbox sandbox = start(SandboxOptions.DEFAULTS);
        Caller caller = new Caller(sandbox);
        assertThat(sandbox.port()).isPositive();
        assertThat(caller.call("GET", "/v1/models", "").statusCode()).isEqualTo(200);

        sandbox.close().await();

        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> caller.call("GET", "/v1/models", ""));
    }

    @Test
    void aTakenPortFailsTheStart() {
        Sandbox first = start(SandboxOptions.DEFAULTS);

        Future<Sandbox> second = Sandbox.start(SandboxOptions.DEFAULTS.withAddress("127.0.0.1", first.port()));

        assertThatExceptionOfType(java.net.BindException.class).isThrownBy(second::await);
    }

    @Test
    void callsWithoutTheRequiredKeyAreRefused() {
        Sandbox sandbox = start(SandboxOptions.DEFAULTS.withKey("secret-key"));
        Caller caller = new Caller(sandbox);

        HttpResponse<String> without = caller.chat(Caller.saying("x"));
        HttpResponse<String> wrong = caller.chat(Caller.saying("x"), "Authorization", "Bearer other");
        HttpResponse<String> right = caller.chat(Caller.saying("x"), "Authorization", "Bearer secret-key");

        assertThat(List.of(without.statusCode(), wrong.statusCode(), right.statusCode()))
                .containsExactly(401, 401, 200);
        assertThat(new JsonObject(without.body()).getJsonObject("error").getString("code"))
                .isEqualTo("invalid_api_key");
    }

    @Test
    void requestsAreRememberedWithoutTheirSecrets() {
        Sandbox sandbox = start(SandboxOptions.DEFAULTS);
        Caller caller = new Caller(sandbox);
        caller.chat(Caller.saying("remember me"), "Authorization", "Bearer secret-key", "X-Mark", "1");

        ReceivedRequest request = sandbox.requests().get(0);

        assertThat(request.number()).isEqualTo(1);
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.path()).isEqualTo("/v1/chat/completions");
        assertThat(request.headers())
                .containsEntry("authorization", "Bearer " + Fingerprint.of("secret-key"))
                .containsEntry("x-mark", "1");
        assertThat(request.json()).isEqualTo(Caller.saying("remember me"));
        assertThat(request.outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(caller.call("GET", "/__sandbox/requests", "").body())
                .contains("remember me", Fingerprint.of("secret-key"), "\"answered\":1")
                .doesNotContain("secret-key\"");
    }

    @Test
    void ofALargeBodyOnlyTheBeginningIsKept() {
        Sandbox sandbox = start(SandboxOptions.DEFAULTS);
        String body = "x".repeat(200_000);

        new Caller(sandbox).call("POST", "/v1/chat/completions", body);

        assertThat(sandbox.requests().get(0).body()).isEqualTo(body.substring(0, 65_536));
        assertThat(RequestLog.beginning(Buffer.buffer(body)).length()).isEqualTo(65_536);
        assertThat(RequestLog.beginning(Buffer.buffer("short"))).isEqualTo(Buffer.buffer("short"));
    }

    @Test
    void onlyTheLastRequestsAreRememberedAndClearingForgetsThem() {
        Sandbox sandbox = start(SandboxOptions.DEFAULTS.withRemembered(2));
        Caller caller = new Caller(sandbox);
        for (int i = 0; i < 3; i++) {
            caller.chat(Caller.saying("x"));
        }
        assertThat(sandbox.requests()).extracting(ReceivedRequest::number).containsExactly(2L, 3L);
        assertThat(sandbox.counts()).isEqualTo(new Counts(3, 0, 3, 0, 0, 0));

        assertThat(caller.call("DELETE", "/__sandbox/requests", "").statusCode())
                .isEqualTo(204);

        assertThat(sandbox.requests()).isEmpty();
        assertThat(sandbox.counts()).isEqualTo(new Counts(0, 0, 0, 0, 0, 0));
    }

    @Test
    void aClientThatLeavesAStalledStreamIsRecorded() throws Exception {
        Sandbox sandbox = start(SandboxOptions.DEFAULTS);
        try (Socket socket = open(sandbox, "{\"fault\":\"stall-after-chunk:2\",\"completion_tokens\":9}")) {
            await(() -> chunksOf(sandbox) == 2);
            assertThat(sandbox.counts().active()).isEqualTo(1);
            assertThat(socket.isConnected()).isTrue();
        }

        await(() -> sandbox.counts().clientGone() == 1);

        assertThat(sandbox.counts()).isEqualTo(new Counts(1, 0, 0, 0, 0, 1));
        assertThat(chunksOf(sandbox)).isEqualTo(2);
    }

    @Test
    void aClientThatLeavesBeforeTheHeadIsRecorded() throws Exception {
        Sandbox sandbox = start(SandboxOptions.DEFAULTS);
        try (Socket socket = open(sandbox, "{\"latency_ms\":3600000}")) {
            await(() -> sandbox.counts().active() == 1);
            assertThat(socket.isConnected()).isTrue();
        }

        await(() -> sandbox.counts().clientGone() == 1);
    }

    @Test
    void aClientThatLeavesBetweenDelayedChunksStopsThem() throws Exception {
        Sandbox sandbox = start(SandboxOptions.DEFAULTS);
        try (Socket socket = open(sandbox, "{\"chunk_delay_ms\":2,\"chunks\":1000000,\"content\":\"x\"}")) {
            await(() -> chunksOf(sandbox) > 3);
            assertThat(socket.isConnected()).isTrue();
        }
        await(() -> sandbox.counts().clientGone() == 1);

        long atTheEnd = chunksOf(sandbox);
        await(() -> sandbox.requests().size() == 1);
        assertThat(chunksOf(sandbox)).isEqualTo(atTheEnd).isLessThan(1_000_000);
    }

    @Test
    void aClientThatDoesNotReadStopsTheWritingUntilItReads() throws Exception {
        Sandbox sandbox = start(SandboxOptions.DEFAULTS);
        Caller bystander = new Caller(sandbox);
        int total = 500_000;
        try (Socket socket = open(sandbox, "{\"chunks\":" + total + ",\"content\":\"x\"}")) {
            List<Long> seen = new ArrayList<>(List.of(-1L));
            // Each round gives the event loop twenty turns; a queue that fills stops the count, an endless one does
            // not.
            await(() -> {
                for (int i = 0; i < 20; i++) {
                    bystander.call("GET", "/__sandbox/counts", "");
                }
                seen.add(chunksOf(sandbox));
                return seen.get(seen.size() - 1) > 0
                        && seen.get(seen.size() - 1).equals(seen.get(seen.size() - 2));
            });
            assertThat(chunksOf(sandbox)).isLessThan(total);

            InputStream in = socket.getInputStream();
            byte[] part = new byte[1 << 16];
            await(() -> {
                try {
                    return in.read(part) < 0 || sandbox.counts().answered() == 1;
                } catch (java.io.IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        assertThat(chunksOf(sandbox)).isEqualTo(total);
    }

    @Test
    void aThousandStreamsAreServedAtOnce() {
        int streams = 1000;
        Sandbox sandbox = start(SandboxOptions.DEFAULTS
                .withRemembered(0)
                .withScript(Script.PLAIN.withCompletionTokens(5).withDelays(Duration.ZERO, Duration.ofMillis(20))));
        HttpClient client = vertx.createHttpClient(
                new PoolOptions().setHttp1MaxSize(streams).setMaxWaitQueueSize(0));
        Buffer body = Caller.saying("x").put("stream", true).toBuffer();

        List<Future<Buffer>> answers = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            answers.add(client.request(HttpMethod.POST, sandbox.port(), "127.0.0.1", "/v1/chat/completions")
                    .compose(request -> request.send(body).compose(HttpClientResponse::body)));
        }
        Future.all(answers).await();

        assertThat(answers).allMatch(answer -> answer.result().toString().endsWith("data: [DONE]\n\n"));
        assertThat(sandbox.counts()).isEqualTo(new Counts(streams, 0, streams, 0, 0, 0));
    }

    @Test
    void severalEventLoopsShareOnePort() {
        Sandbox sandbox = start(SandboxOptions.DEFAULTS.withEventLoops(2));

        for (int i = 0; i < 4; i++) {
            assertThat(new Caller(sandbox).chat(Caller.saying("x")).statusCode())
                    .isEqualTo(200);
        }
        assertThat(sandbox.counts().answered()).isEqualTo(4);
    }

    @Test
    void optionsOutOfRangeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SandboxOptions.DEFAULTS.withAddress("127.0.0.1", 70_000))
                .withMessageContaining("70000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SandboxOptions.DEFAULTS.withFaultRate(1.5, 0))
                .withMessageContaining("1.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Script.PLAIN.withCompletionTokens(-1))
                .withMessageContaining("-1");
        assertThat(SandboxOptions.DEFAULTS.withKey("secret-key").toString()).doesNotContain("secret-key");
    }

    private Sandbox start(SandboxOptions options) {
        return Sandbox.start(vertx, options).await();
    }

    private static long chunksOf(Sandbox sandbox) {
        return sandbox.requests().isEmpty() ? -1 : sandbox.requests().get(0).chunks();
    }

    private static Socket open(Sandbox sandbox, String wishes) throws Exception {
        String body = Caller.saying("x").put("stream", true).encode();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), sandbox.port());
        socket.setReceiveBufferSize(1 << 16);
        socket.getOutputStream()
                .write(("POST /v1/chat/completions HTTP/1.1\r\nHost: sandbox\r\nX-Sandbox: " + wishes
                                + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("did not happen within 30 s");
            }
            Thread.onSpinWait();
        }
    }
}
