package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the client of a stream is told while the upstream says nothing. */
class PingsTest {

    private static final String COMMENT = ": PING\n\n";
    private static final String MESSAGES_PING = "event: ping\ndata: {\"type\": \"ping\"}\n\n";
    private static final String GEMINI = "/v1beta/models/" + Chat.MODEL + ":streamGenerateContent";
    private static final String ASK_GEMINI = "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hello\"}]}]}";
    private static final String ASK_MESSAGES = "{\"model\":\"" + Chat.MODEL
            + "\",\"stream\":true,\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    private static final String ASK_RESPONSES =
            "{\"model\":\"" + Chat.MODEL + "\",\"stream\":true,\"input\":\"Hello\"}";

    private final RelayHarness relay = new RelayHarness()
            .option("general_setting.ping_interval_enabled", "true")
            .option("general_setting.ping_interval_seconds", "1");

    @AfterEach
    void close() {
        relay.close();
    }

    private ScriptedUpstream upstream() {
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx);
        relay.channel(upstream.url());
        return upstream;
    }

    static Stream<Arguments> formats() {
        return Stream.of(
                Arguments.of("/v1/chat/completions", Chat.request(true), COMMENT, "data: [DONE]\n\n"),
                Arguments.of("/v1/messages", ASK_MESSAGES, MESSAGES_PING, "event: message_stop\n"),
                Arguments.of(GEMINI + "?alt=sse", ASK_GEMINI, "\n\n", "\"finishReason\":\"STOP\""),
                Arguments.of(GEMINI, ASK_GEMINI, "\n", "]"));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void aClientIsToldThatMoreIsToComeBeforeTheFirstByteToo(String path, String body, String ping, String last) {
        ScriptedUpstream upstream = upstream();
        relay.start();
        try (RawClient client = relay.connect().post(path, body)) {
            ScriptedUpstream.Reply answer = upstream.next();
            client.awaitText("\r\n" + ping + "\r\n");
            answer.streamHead().text("Hi").finish().usage(3, 1).done().end();
            RawClient.Reply reply = client.reply();

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.body()).startsWith(ping).contains("Hi").contains(last);
        }
        relay.finish();
        assertThat(relay.charges()).containsExactly(3L + 2);
    }

    @Test
    void betweenTwoEventsTooInResponses() {
        ScriptedUpstream upstream = upstream();
        relay.start();
        try (RawClient client = relay.connect().post("/v1/responses", ASK_RESPONSES)) {
            ScriptedUpstream.Reply answer = upstream.next().streamHead();
            answer.event(response("response.created", "in_progress", ""));
            client.awaitText("\r\n" + COMMENT + "\r\n");
            answer.event(response(
                            "response.completed", "completed", ",\"usage\":{\"input_tokens\":3,\"output_tokens\":1}"))
                    .end();
            RawClient.Reply reply = client.reply();

            assertThat(reply.body())
                    .startsWith("data: {\"type\":\"response.created\"")
                    .contains(COMMENT);
        }
        relay.finish();
        assertThat(relay.charges()).containsExactly(3L + 2);
    }

    private static String response(String type, String status, String more) {
        return "{\"type\":\"" + type + "\",\"response\":{\"id\":\"r\",\"status\":\"" + status + "\",\"output\":[]"
                + more + "}}";
    }

    @Test
    void anErrorThatFollowsIsAnEventAndCostsNothing() {
        ScriptedUpstream upstream = upstream();
        relay.start();
        try (RawClient client = relay.connect().chat(Chat.request(true))) {
            ScriptedUpstream.Reply answer = upstream.next();
            client.awaitText(COMMENT);
            answer.json(
                    400, "{\"error\":{\"message\":\"too hot\",\"type\":\"invalid_request_error\",\"code\":\"heat\"}}");
            RawClient.Reply reply = client.reply();

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.body())
                    .contains("data: {\"error\":{\"message\":\"too hot")
                    .endsWith("\n\n");
        }
        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }

    @Test
    void anotherChannelMayStillAnswer() {
        ScriptedUpstream first = upstream();
        Consumer<ScriptedUpstream.Reply> well = reply ->
                reply.streamHead().text("Hi").finish().usage(3, 1).done().end();
        relay.channel(ScriptedUpstream.start(relay.vertx, well).url());
        relay.retries(1).start();
        try (RawClient client = relay.connect().chat(Chat.request(true))) {
            ScriptedUpstream.Reply answer = first.next();
            client.awaitText(COMMENT);
            answer.json(500, "{}");

            assertThat(client.reply().body()).startsWith(COMMENT + "data: ").endsWith("data: [DONE]\n\n");
        }
        relay.finish();
        assertThat(relay.charges()).containsExactly(3L + 2);
    }

    @Test
    void nothingIsSaidInsideAnEvent() {
        ScriptedUpstream upstream = upstream();
        relay.start();
        String huge = "x".repeat(300_000);
        try (RawClient client = relay.connect().chat(Chat.request(true))) {
            ScriptedUpstream.Reply answer = upstream.next().streamHead().text("Hi");
            answer.chunk("data: {\"huge\":\"" + huge);
            client.awaitText("xxx");
            try (RawClient other = relay.connect().chat(Chat.request(true))) {
                // whoever began later was told, so the first was passed over
                ScriptedUpstream.Reply its = upstream.next();
                other.awaitText(COMMENT);
                its.json(400, "{}");
            }
            answer.chunk("\"}\n\n").finish().usage(3, 1).done().end();

            assertThat(client.reply().body()).contains(huge + "\"}\n\n").doesNotContain(COMMENT);
        }
        relay.finish();
    }

    @Test
    void whoWantsNoStreamIsToldNothing() {
        ScriptedUpstream upstream = upstream();
        relay.start();
        try (RawClient waiting = relay.connect().chat(Chat.request(false));
                RawClient client = relay.connect().chat(Chat.request(true))) {
            ScriptedUpstream.Reply one = upstream.next();
            ScriptedUpstream.Reply other = upstream.next();
            client.awaitText(COMMENT);
            one.json(400, "{}");
            other.json(400, "{}");

            assertThat(waiting.reply().status()).isEqualTo(400);
        }
        relay.finish();
    }
}
