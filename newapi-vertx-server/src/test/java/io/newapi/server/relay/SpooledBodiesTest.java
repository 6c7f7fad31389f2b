package io.newapi.server.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that are too large for the memory. */
class SpooledBodiesTest {

    private static final String TRANSCRIPTIONS = "/v1/audio/transcriptions";
    private static final String WRITTEN = "{\"text\":\"Hi\",\"usage\":{\"input_tokens\":14,\"output_tokens\":3}}";
    private static final int MEGABYTE = 1024 * 1024;
    private static final int MAX_BODY = 128 * MEGABYTE;

    private final RelayHarness relay = new RelayHarness(RelayHarness.large(MAX_BODY, Duration.ofSeconds(30)));
    private Spool spool = Spool.none();

    @TempDir
    private Path directory;

    @BeforeEach
    void open() throws IOException {
        spool(200 * MEGABYTE);
    }

    private void spool(long maxBytes) throws IOException {
        spool = Spool.in(directory, MEGABYTE, maxBytes);
        relay.spool(spool);
    }

    /** Whatever happened, nothing is left. */
    @AfterEach
    void close() {
        awaitNoFiles();
        assertThat(spool.heldBytes()).isZero();
        assertThat(directory).isEmptyDirectory();
        relay.close();
    }

    private void awaitNoFiles() {
        await(() -> spool.files() == 0);
    }

    private void await(BooleanSupplier state) {
        CompletableFuture<Void> reached = new CompletableFuture<>();
        long timer = relay.vertx.setPeriodic(5, tick -> {
            if (state.getAsBoolean()) {
                reached.complete(null);
            }
        });
        RelayHarness.get(reached);
        relay.vertx.cancelTimer(timer);
    }

    private static String head(String type, String... headers) {
        return "POST " + TRANSCRIPTIONS + " HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer sk-" + RelayHarness.KEY
                + "\r\nContent-Type: " + type + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
    }

    private static RawClient begin(RawClient client, LargeBodies body) {
        return client.send(head(LargeBodies.TYPE, "Content-Length: " + body.length()));
    }

    private RawClient.Reply post(LargeBodies body) {
        try (RawClient client = begin(relay.connect(), body)) {
            body.to(client::send);
            return client.reply();
        }
    }

    private static String code(RawClient.Reply reply) {
        return new JsonObject(reply.body()).getJsonObject("error").getString("code");
    }

    private SummingUpstream transcriber() {
        SummingUpstream upstream = SummingUpstream.start(relay.vertx, 200, WRITTEN);
        relay.channel(upstream.url());
        return upstream;
    }

    @Test
    void aLargeFormLiesOnTheDiskAndNeverInMemory() {
        LargeBodies form = LargeBodies.form(Chat.MODEL, 100 * MEGABYTE);
        AtomicLong memory = new AtomicLong();
        AtomicLong disk = new AtomicLong();
        Runnable look = () -> {
            memory.accumulateAndGet(relay.memory.heldBytes(), Math::max);
            disk.accumulateAndGet(spool.heldBytes(), Math::max);
        };
        SummingUpstream upstream = SummingUpstream.start(relay.vertx, request -> look.run(), 200, WRITTEN);
        relay.channel(upstream.url()).start();

        try (RawClient client = begin(relay.connect(), form)) {
            form.to(piece -> {
                client.send(piece);
                look.run();
            });
            assertThat(client.reply().body()).isEqualTo(WRITTEN);
        }

        assertThat(upstream.sums()).containsExactly(form.sum());
        assertThat(disk).hasValue(form.length());
        assertThat(memory.get()).isPositive().isLessThanOrEqualTo(MEGABYTE / 2);
        relay.finish();
        assertThat(relay.charges()).containsExactly(14L + 2 * 3);
    }

    @Test
    void everyAttemptSendsTheSameBytesButForTheModelsName() {
        LargeBodies form = LargeBodies.form(Chat.MODEL, 5 * MEGABYTE);
        SummingUpstream failing = SummingUpstream.start(relay.vertx, 500, "{}");
        SummingUpstream renaming = SummingUpstream.start(relay.vertx, 500, "{}");
        relay.retries(2)
                .channel(failing.url())
                .channel(renaming.url(), made -> made.modelMapping(Map.of(Chat.MODEL, "whisper-large-v3")));
        SummingUpstream well = transcriber();
        relay.start();

        assertThat(post(form).status()).isEqualTo(200);

        assertThat(failing.sums()).containsExactly(form.sum());
        assertThat(renaming.sums())
                .containsExactly(
                        LargeBodies.form("whisper-large-v3", 5 * MEGABYTE).sum());
        assertThat(well.sums()).containsExactly(form.sum());
        relay.finish();
    }

    @Test
    void anUpstreamThatRefusesBeforeItHasReadEverythingIsFollowedByAnother() {
        LargeBodies form = LargeBodies.form(Chat.MODEL, 40 * MEGABYTE);
        CompletableFuture<Void> cut = new CompletableFuture<>();
        SummingUpstream early = SummingUpstream.start(
                relay.vertx,
                request -> {
                    request.connection().closeHandler(end -> cut.complete(null));
                    request.pause()
                            .response()
                            .setStatusCode(503)
                            .putHeader("Content-Length", "2")
                            .end("{}");
                },
                200,
                WRITTEN);
        relay.retries(1).channel(early.url());
        SummingUpstream well = transcriber();
        relay.start();

        assertThat(post(form).status()).isEqualTo(200);

        HttpServerRequest refused = early.next();
        relay.vertx.runOnContext(go -> refused.resume());
        RelayHarness.get(cut);
        assertThat(early.sums()).isEmpty();
        assertThat(well.sums()).containsExactly(form.sum());
        relay.finish();
    }

    @Test
    void aClientThatLeavesInTheMiddleOfItsBodyLeavesNothing() {
        LargeBodies form = LargeBodies.form(Chat.MODEL, 8 * MEGABYTE);
        relay.start();

        try (RawClient client = begin(relay.connect(), form)) {
            client.send(new byte[3 * MEGABYTE]);
            await(() -> spool.heldBytes() >= 2 * MEGABYTE);
        }

        relay.awaitCloses(1);
        relay.finish();
    }

    @Test
    void aClientThatLeavesWhileTheUpstreamReadsLeavesNothing() {
        LargeBodies form = LargeBodies.form(Chat.MODEL, 40 * MEGABYTE);
        SummingUpstream upstream = SummingUpstream.start(relay.vertx, HttpServerRequest::pause, 200, WRITTEN);
        relay.channel(upstream.url()).start();

        try (RawClient client = begin(relay.connect(), form)) {
            form.to(client::send);
            upstream.next();
        }

        relay.awaitCloses(1);
        relay.finish();
        // the prompt, as after any body that an upstream may have begun to work on
        assertThat(relay.charges()).hasSize(1);
        assertThat(upstream.sums()).isEmpty();
    }

    @Test
    void aBodyThatCannotBeReadAgainEndsTheCall() {
        LargeBodies form = LargeBodies.form(Chat.MODEL, 40 * MEGABYTE);
        SummingUpstream upstream = SummingUpstream.start(relay.vertx, HttpServerRequest::pause, 200, WRITTEN);
        SummingUpstream other = SummingUpstream.start(relay.vertx, 200, WRITTEN);
        relay.retries(1).channel(upstream.url()).channel(other.url()).start();

        try (RawClient client = begin(relay.connect(), form)) {
            form.to(client::send);
            HttpServerRequest request = upstream.next();
            spool.close();
            relay.vertx.runOnContext(go -> request.resume());

            assertThat(client.reply().status()).isEqualTo(500);
        }

        relay.finish();
        assertThat(relay.charges()).isEmpty();
        assertThat(upstream.sums()).isEmpty();
        assertThat(other.sums()).isEmpty();
    }

    @Test
    void aDamagedFormReachesNobody() {
        SummingUpstream upstream = transcriber();
        relay.start();

        assertThat(post(LargeBodies.form(Chat.MODEL, 3 * MEGABYTE).damaged()).body())
                .contains("a part of the form does not end");

        assertThat(upstream.sums()).isEmpty();
        relay.finish();
    }

    @Test
    void aBodyThatIsLargerThanTheDiskMayTakeIsRefused() throws IOException {
        spool(4 * MEGABYTE);
        relay.start();

        RawClient.Reply reply = post(LargeBodies.form(Chat.MODEL, 5 * MEGABYTE));

        assertThat(reply.status()).isEqualTo(413);
        assertThat(reply.body()).contains("NEWAPI_SPOOL_MAX_MB");
        relay.finish();
    }

    @Test
    void whatLargeBodiesTakeTogetherIsBounded() throws IOException {
        spool(4 * MEGABYTE);
        LargeBodies form = LargeBodies.form(Chat.MODEL, 3 * MEGABYTE);
        SummingUpstream upstream = transcriber();
        relay.start();

        try (RawClient first = begin(relay.connect(), form)) {
            AtomicLong left = new AtomicLong(form.length());
            // all but its end
            form.to(piece -> {
                if (left.addAndGet(-piece.length) > 0) {
                    first.send(piece);
                }
            });
            await(() -> spool.heldBytes() > 2 * MEGABYTE);
            RawClient.Reply refused = post(form);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(code(refused)).isEqualTo("disk_busy");
            assertThat(refused.header("Retry-After")).isEqualTo("1");

            form.to(piece -> {
                if (left.addAndGet(piece.length) == form.length()) {
                    first.send(piece);
                }
            });
            assertThat(first.reply().status()).isEqualTo(200);
        }

        assertThat(upstream.sums()).containsExactly(form.sum());
        relay.finish();
    }

    @Test
    void whatIsAnnouncedToBeTooLargeIsRefusedBeforeItComes() {
        relay.start();

        try (RawClient client = relay.connect().send(head(LargeBodies.TYPE, "Content-Length: " + (MAX_BODY + 1)))) {
            RawClient.Reply reply = client.reply();
            assertThat(reply.status()).isEqualTo(413);
            assertThat(code(reply)).isEqualTo("request_too_large");
            assertThat(spool.heldBytes()).isZero();
        }

        relay.finish();
    }

    @Test
    void whatBecomesTooLargeUnannouncedIsRefusedInTheMiddle() {
        relay.start();
        byte[] chunk = new byte[MEGABYTE];

        try (RawClient client = relay.connect().send(head(LargeBodies.TYPE, "Transfer-Encoding: chunked"))) {
            for (int i = 0; i <= MAX_BODY / MEGABYTE; i++) {
                client.send(Integer.toHexString(chunk.length) + "\r\n")
                        .send(chunk)
                        .send("\r\n");
            }
            assertThat(client.reply().status()).isEqualTo(413);
        }

        relay.finish();
    }

    @Test
    void whatIsLargeOnlyWhenItIsDecodedLiesOnTheDiskToo() throws IOException {
        String form = Form.of("model", Chat.MODEL)
                .file("file", "a.wav", "\u0000".repeat(6 * MEGABYTE))
                .text();
        AtomicLong disk = new AtomicLong();
        SummingUpstream upstream =
                SummingUpstream.start(relay.vertx, request -> disk.set(spool.heldBytes()), 200, WRITTEN);
        relay.channel(upstream.url()).start();
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(encoded)) {
            out.write(form.getBytes(UTF_8));
        }

        try (RawClient client = relay.connect()) {
            client.send(head(LargeBodies.TYPE, "Content-Encoding: gzip", "Content-Length: " + encoded.size()));
            assertThat(client.send(encoded.toByteArray()).reply().status()).isEqualTo(200);
        }

        assertThat(disk).hasValue(form.length());
        assertThat(upstream.sums()).singleElement().asString().startsWith(form.length() + " bytes");
        relay.finish();
    }

    // ---- JSON

    /** About 2 MB of it. */
    private static final String TEXT = "wörd ".repeat(400_000);

    @Test
    void aLargeConversationLiesOnTheDiskWhileItIsAnswered() {
        String request = Chat.request(false, TEXT);
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx);
        relay.channel(upstream.url(), made -> made.modelMapping(Map.of(Chat.MODEL, "real-name")))
                .option("channel_selection.affinity", "true")
                .price("param(\"messages.#\") > 0 ? p * 4 : p * 2")
                .start();

        try (RawClient client = relay.connect().chat(request)) {
            ScriptedUpstream.Reply answer = upstream.next();
            assertThat(relay.memory.heldBytes()).isLessThan(MEGABYTE);
            assertThat(spool.heldBytes()).isEqualTo(request.getBytes(UTF_8).length);
            answer.json(200, Chat.completion("Hi", 100, 0));
            assertThat(client.reply().status()).isEqualTo(200);
        }

        assertThat(upstream.bodies()).containsExactly(request.replace(Chat.MODEL, "real-name"));
        relay.finish();
        assertThat(relay.charges()).containsExactly(200L);
    }

    @Test
    void whatIsSaidInAnotherFormatIsHeldOnlyForAsLongAsTheAttemptLasts() {
        String request = Chat.request(false, TEXT);
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx);
        // Anthropic's format
        relay.channel(upstream.url(), made -> made.type(14)).start();

        try (RawClient client = relay.connect().chat(request)) {
            ScriptedUpstream.Reply answer = upstream.next();
            assertThat(relay.memory.heldBytes()).isGreaterThanOrEqualTo(request.getBytes(UTF_8).length);
            answer.json(
                    200,
                    "{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"Hi\"}],"
                            + "\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":5,\"output_tokens\":1}}");
            assertThat(client.reply().body()).contains("\"content\":\"Hi\"");
        }

        assertThat(upstream.bodies()).singleElement().asString().contains(TEXT.strip());
        relay.awaitFreeMemory();
        relay.finish();
    }

    @Test
    void whatCannotBeHeldToBeSaidInAnotherFormatIsRefused() {
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx);
        relay.retries(1)
                .channel(upstream.url(), made -> made.type(14))
                .channel(upstream.url(), made -> made.type(14))
                .start();
        BodyMemory.Share others = relay.memory.share();
        assertThat(others.take(RelayHarness.MEMORY_BYTES - MEGABYTE)).isTrue();

        RawClient.Reply refused = relay.chat(Chat.request(false, TEXT));
        others.close();

        assertThat(refused.status()).isEqualTo(503);
        assertThat(code(refused)).isEqualTo("memory_busy");
        assertThat(upstream.calls()).isZero();
        relay.finish();
    }

    @Test
    void manyLargeConversationsAtATimeTakeNoMoreMemoryThanFewSmallOnes() {
        String request = Chat.request(false, TEXT);
        SummingUpstream upstream =
                SummingUpstream.start(relay.vertx, HttpServerRequest::pause, 200, Chat.completion("Hi", 1, 1));
        relay.channel(upstream.url()).start();
        List<RawClient> clients = IntStream.range(0, 5)
                .mapToObj(i -> relay.connect().chat(request))
                .toList();

        List<HttpServerRequest> asked =
                clients.stream().map(client -> upstream.next()).toList();
        assertThat(relay.memory.heldBytes()).isLessThan(MEGABYTE);
        assertThat(spool.files()).isEqualTo(5);
        relay.vertx.runOnContext(go -> asked.forEach(HttpServerRequest::resume));

        clients.forEach(client -> {
            assertThat(client.reply().status()).isEqualTo(200);
            client.close();
        });
        relay.finish();
    }
}
