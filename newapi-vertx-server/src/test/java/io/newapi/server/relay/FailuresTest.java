package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.channel.ChannelKeys;
import io.newapi.core.channel.KeyMode;
import io.newapi.server.relay.wire.WireFormat;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Failures of upstreams before anything was sent: what the client has seen in the end, who was asked, and what it cost. Those of
 * streams under way are in {@link AccidentsInEveryFormatTest}.
 */
class FailuresTest {

    private static final String REQUEST = Chat.request(false);

    /** Four text units read at one unit each, one written at two. */
    private static final long PRICE = 4 + 2;

    private static final String GOOD = Chat.completion("Hi", 4, 1);
    private static final String BAD = Chat.error("so it is");
    private static final String GOOD_KEY = "good-key";
    private static final String BAD_KEY = "bad-key";

    private RelayHarness relay = new RelayHarness();

    @AfterEach
    void close() {
        relay.close();
    }

    private void use(RelaySettings settings) {
        relay.close();
        relay = new RelayHarness(settings);
    }

    private ScriptedUpstream upstream() {
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx);
        relay.channel(upstream.url());
        return upstream;
    }

    private ScriptedUpstream answering(int status, String body, String... headers) {
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx, reply -> reply.json(status, body, headers));
        relay.channel(upstream.url());
        return upstream;
    }

    private void assertAnswered() {
        RawClient.Reply reply = relay.chat(REQUEST);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo(GOOD);
    }

    private static String code(RawClient.Reply reply) {
        return new JsonObject(reply.body()).getJsonObject("error").getString("code");
    }

    private void assertCharges(int calls) {
        relay.finish();
        assertThat(relay.charges()).isEqualTo(Collections.nCopies(calls, PRICE));
    }

    // ---- another attempt, and which

    /** An upstream that refuses, one that breaks off, a channel that is misconfigured: three attempts, and the last is told of. */
    @Test
    void oneCapCountsTheAttemptsWhateverTheirCauses() {
        ScriptedUpstream refusing = answering(500, BAD);
        ScriptedUpstream breaking = ScriptedUpstream.start(relay.vertx, ScriptedUpstream.Reply::cut);
        relay.channel(breaking.url()).channel("not a url");
        ScriptedUpstream good = answering(200, GOOD);
        relay.retries(2).start();

        RawClient.Reply reply = relay.chat(REQUEST);

        assertThat(reply.status()).isEqualTo(500);
        assertThat(code(reply)).startsWith("channel:");
        assertThat(List.of(refusing.calls(), breaking.calls(), good.calls())).containsExactly(1, 1, 0);
        assertCharges(0);
    }

    @Test
    void aKeyThatHasJustFailedIsNotTriedWhileAnotherIsLeft() {
        ScriptedUpstream upstream = twoKeys();
        relay.retries(1).start();

        assertAnswered();

        assertThat(upstream.heads()).hasSize(2);
        assertThat(upstream.heads().get(0)).contains(BAD_KEY);
        assertThat(upstream.heads().get(1)).contains(GOOD_KEY);
        assertCharges(1);
    }

    private ScriptedUpstream twoKeys() {
        ScriptedUpstream[] upstream = new ScriptedUpstream[1];
        upstream[0] = ScriptedUpstream.start(relay.vertx, reply -> {
            List<String> heads = upstream[0].heads();
            boolean bad = heads.get(heads.size() - 1).contains(BAD_KEY);
            reply.json(bad ? 401 : 200, bad ? Chat.error("no") : GOOD);
        });
        relay.channel(
                upstream[0].url(),
                made -> made.keys(ChannelKeys.multi(
                        List.of(new ChannelKeys.Slot(0, BAD_KEY, true), new ChannelKeys.Slot(1, GOOD_KEY, true)),
                        KeyMode.POLLING)));
        return upstream[0];
    }

    // ---- Retry-After

    @Test
    void anUpstreamThatSaysWhenToComeBackIsLeftAloneForSoLong() {
        ScriptedUpstream limited = answering(429, BAD, "Retry-After: 30");
        ScriptedUpstream good = answering(200, GOOD);
        relay.option("channel_health.retry_after_at_once", "true").retries(1).start();

        assertAnswered();
        assertAnswered();
        relay.later(Duration.ofSeconds(25));
        assertAnswered();
        assertThat(limited.calls()).isEqualTo(1);

        relay.later(Duration.ofSeconds(6));
        assertAnswered();
        assertThat(List.of(limited.calls(), good.calls())).containsExactly(2, 4);
        assertCharges(4);
    }

    @Test
    void whereNobodyElseIsLeftTheClientIsToldWhenToComeBack() {
        ScriptedUpstream limited = answering(429, BAD, "Retry-After: 17");
        relay.start();

        RawClient.Reply reply = relay.chat(REQUEST);

        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.header("retry-after")).isEqualTo("17");
        assertThat(limited.calls()).isEqualTo(1);
        assertCharges(0);
    }

    // ---- disabling and recovery

    @ParameterizedTest
    @CsvSource({"401, no", "400, Your credit balance is too low"})
    void aChannelThatKeepsRefusingIsDisabledWithItsCauseAndNobodyPays(int status, String message) {
        ScriptedUpstream refusing = answering(status, Chat.error(message));
        relay.option("AutomaticDisableChannelEnabled", "true").start();

        for (int call = 0; call < 3; call++) {
            assertThat(relay.disabled).isEmpty();
            assertThat(relay.chat(REQUEST).status()).isEqualTo(status);
        }

        assertThat(refusing.calls()).isEqualTo(3);
        assertThat(relay.disabled)
                .containsExactly("1 " + RelayHarness.CHANNEL_KEY + " status " + status + ": " + message);
        assertCharges(0);
    }

    @Test
    void aKeyThatKeepsRefusingIsDisabledAloneAndNobodyNotices() {
        ScriptedUpstream upstream = twoKeys();
        relay.option("AutomaticDisableChannelEnabled", "true")
                .option("channel_health.enabled", "false")
                .retries(1)
                .start();

        int calls = 0;
        while (relay.disabled.isEmpty() && calls < 10) {
            assertAnswered();
            calls++;
        }

        assertThat(relay.disabled).containsExactly("1 " + BAD_KEY + " status 401: no");
        assertThat(upstream.heads().stream().filter(head -> head.contains(BAD_KEY)))
                .hasSize(3);
        assertCharges(calls);
    }

    @Test
    void afterItsCoolDownOneCallTriesTheChannelAndTheOthersGoElsewhere() {
        ScriptedUpstream recovering = upstream();
        ScriptedUpstream good = answering(200, GOOD);
        relay.option("channel_health.failures", "2").retries(1).start();
        for (int call = 0; call < 2; call++) {
            try (RawClient client = relay.connect().chat(REQUEST)) {
                recovering.next().json(500, BAD);
                assertThat(client.reply().body()).isEqualTo(GOOD);
            }
        }
        assertAnswered();
        assertThat(recovering.calls()).isEqualTo(2);

        relay.later(Duration.ofSeconds(6));
        try (RawClient probing = relay.connect().chat(REQUEST)) {
            ScriptedUpstream.Reply probe = recovering.next();
            assertAnswered();
            assertThat(recovering.calls()).isEqualTo(3);
            probe.json(200, GOOD);
            assertThat(probing.reply().status()).isEqualTo(200);
        }
        try (RawClient client = relay.connect().chat(REQUEST)) {
            recovering.next().json(200, GOOD);
            assertThat(client.reply().status()).isEqualTo(200);
        }

        assertThat(List.of(recovering.calls(), good.calls())).containsExactly(4, 4);
        assertCharges(6);
    }

    // ---- bounds

    @Test
    void whereAllConnectionsAreTakenAnotherChannelAnswers() {
        ScriptedUpstream busy = upstream();
        ScriptedUpstream good = answering(200, GOOD);
        relay.connections(1, 0).retries(1).start();
        try (RawClient first = relay.connect().chat(REQUEST)) {
            ScriptedUpstream.Reply held = busy.next();
            assertAnswered();
            held.json(200, GOOD);
            assertThat(first.reply().status()).isEqualTo(200);
        }

        assertThat(List.of(busy.calls(), good.calls())).containsExactly(1, 1);
        assertCharges(2);
    }

    @Test
    void whereAllConnectionsOfTheOnlyChannelAreTakenTheClientIsTold() {
        ScriptedUpstream busy = upstream();
        relay.connections(1, 0).start();
        try (RawClient first = relay.connect().chat(REQUEST)) {
            ScriptedUpstream.Reply held = busy.next();
            RawClient.Reply refused = relay.chat(REQUEST);
            held.json(200, GOOD);

            assertThat(refused.status()).isEqualTo(500);
            assertThat(code(refused)).isEqualTo("do_request_failed");
            assertThat(first.reply().status()).isEqualTo(200);
        }

        assertThat(busy.calls()).isEqualTo(1);
        assertCharges(1);
    }

    static Stream<Arguments> hostile() {
        return Stream.of(
                Arguments.of("another protocol", "SSH-2.0-OpenSSH_9.6\r\n"),
                Arguments.of("a head without end", "HTTP/1.1 200 OK\r\nX: " + "x".repeat(100_000)),
                Arguments.of("heads without end", "HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(20_000)),
                Arguments.of("a broken chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
                Arguments.of(
                        "an error without end",
                        "HTTP/1.1 500 X\r\nContent-Length: 100000000\r\n\r\n" + " ".repeat(100_000)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void anUpstreamThatSendsNonsenseIsCutAndReplaced(String name, String bytes) {
        ScriptedUpstream hostile = upstream();
        ScriptedUpstream good = answering(200, GOOD);
        relay.retries(1).start();
        try (RawClient client = relay.connect().chat(REQUEST)) {
            ScriptedUpstream.Reply answer = hostile.next().raw(bytes);

            assertThat(client.reply().body()).isEqualTo(GOOD);
            answer.awaitCut();
        }
        assertThat(List.of(hostile.calls(), good.calls())).containsExactly(1, 1);
        assertCharges(1);
    }

    /** Elsewhere it would be as long: nobody else is asked. */
    @Test
    void anAnswerWithoutEndIsCutAndCostsNothing() {
        ScriptedUpstream endless = upstream();
        ScriptedUpstream good = answering(200, GOOD);
        relay.retries(1).start();
        try (RawClient client = relay.connect().chat(REQUEST)) {
            ScriptedUpstream.Reply answer = endless.next()
                    .raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
            String blanks = " ".repeat(64 * 1024);
            for (int piece = 0; piece < 17; piece++) {
                answer.chunk(blanks);
            }
            RawClient.Reply reply = client.reply();

            assertThat(reply.status()).isEqualTo(502);
            assertThat(reply.body()).contains("too large");
            answer.awaitCut();
        }
        assertThat(List.of(endless.calls(), good.calls())).containsExactly(1, 0);
        assertCharges(0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anUpstreamThatIsSlowForEverIsCutWhenTheTimeForAllIsOver(boolean stream) {
        use(RelayHarness.total(Duration.ofMillis(300)));
        String request = Chat.request(stream);
        ScriptedUpstream slow = upstream();
        ScriptedUpstream good = answering(200, GOOD);
        relay.retries(1).start();
        try (RawClient client = relay.connect().chat(request)) {
            ScriptedUpstream.Reply answer = slow.next();
            answer.raw(
                    stream
                            ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                            : "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n");
            long drip = relay.vertx.setPeriodic(20, tick -> {
                if (stream) {
                    answer.chunk(": \n\n");
                } else {
                    answer.raw(" ");
                }
            });
            RawClient.Reply reply = client.reply();
            relay.vertx.cancelTimer(drip);

            assertThat(reply.status()).isEqualTo(stream ? 200 : 504);
            assertThat(reply.body()).contains("the upstream took too long to answer", "upstream_timeout");
            answer.awaitCut();
        }
        assertThat(List.of(slow.calls(), good.calls())).containsExactly(1, 0);
        assertCharges(0);
    }

    // ---- what no error tells

    static Stream<Arguments> leaks() {
        String message =
                "key " + RelayHarness.CHANNEL_KEY + " is refused at https://api.provider.example.com/v1, 10.1.2.3:9";
        return TranslationMatrix.SPEAKERS.stream()
                .flatMap(client -> Stream.of(
                        Arguments.of(client, 401, "application/json", Chat.error(message), 401),
                        Arguments.of(client, 502, "text/html", "<html>" + message + "</html>", 502),
                        Arguments.of(
                                client,
                                200,
                                "text/event-stream",
                                client.errorEvent(message),
                                client.format() == WireFormat.GEMINI ? 503 : 502)));
    }

    @ParameterizedTest(name = "{0}: {1} {2}")
    @MethodSource("leaks")
    void noErrorTellsTheUpstreamsKeyAddressOrPage(Speaker client, int status, String type, String body, int told) {
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx, reply -> reply.whole(status, type, body));
        for (int channel = 0; channel < 2; channel++) {
            relay.channel(upstream.url(), made -> made.type(client.channelType()));
        }
        relay.retries(1).start();
        JsonObject question = client.streaming(client.question(Capability.PLAIN));
        RawClient.Reply reply;
        try (RawClient connection = relay.connect()) {
            reply = connection.post(client.path(true), question.encode()).reply();
        }

        assertThat(reply.status()).isEqualTo(told);
        assertThat(Seen.error(client, reply)).isNotEmpty();
        assertThat(reply.body())
                .doesNotContain(
                        RelayHarness.CHANNEL_KEY, "secret", "provider.example", "10.1.2.3", "127.0.0.1", "html");
        assertThat(upstream.calls()).isEqualTo(2);
        assertCharges(0);
    }
}
