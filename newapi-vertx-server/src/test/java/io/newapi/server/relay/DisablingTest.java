package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.channel.Channel;
import io.newapi.core.channel.ChannelKeys;
import io.newapi.core.channel.KeyMode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which calls lead to the disabling of their channel or key. */
class DisablingTest {

    private static final String REQUEST = Chat.request(false);
    private static final String KEYWORD = "Your credit balance is too low";
    private static final String OF_ONE = "1 " + RelayHarness.CHANNEL_KEY + " ";

    private final RelayHarness relay = new RelayHarness().option("AutomaticDisableChannelEnabled", "true");

    @AfterEach
    void close() {
        relay.finish();
        relay.close();
    }

    private ScriptedUpstream answering(int status, String body) {
        return ScriptedUpstream.start(relay.vertx, reply -> reply.json(status, body));
    }

    private ScriptedUpstream refusing(int status) {
        return answering(status, Chat.error("no"));
    }

    private static String asking(String prompt) {
        return new JsonObject(REQUEST)
                .put(
                        "messages",
                        new JsonArray().add(new JsonObject().put("role", "user").put("content", prompt)))
                .encode();
    }

    private void calls(int count) {
        for (int i = 0; i < count; i++) {
            relay.chat(REQUEST);
        }
    }

    @Test
    void theThirdRefusalOfTheKeyDisablesTheChannel() {
        relay.channel(refusing(401).url()).start();

        calls(2);
        assertThat(relay.disabled).isEmpty();

        calls(1);
        assertThat(relay.disabled).containsExactly(OF_ONE + "status 401: no");
    }

    @Test
    void aSuccessBetweenThemForgivesTheOnesBefore() {
        int[] called = {0};
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx, reply -> {
            boolean good = ++called[0] % 3 == 0;
            reply.json(good ? 200 : 401, good ? Chat.completion("Hi", 1, 1) : Chat.error("no"));
        });
        relay.channel(upstream.url()).start();

        calls(9);

        assertThat(relay.disabled).isEmpty();
    }

    @Test
    void aStreamThatHasBegunIsASuccessToo() {
        int[] called = {0};
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx, reply -> {
            if (++called[0] % 3 == 0) {
                reply.streamHead().text("Hi").finish().usage(1, 1).done().end();
            } else {
                reply.json(401, Chat.error("no"));
            }
        });
        relay.channel(upstream.url()).start();

        for (int i = 0; i < 9; i++) {
            relay.chat(Chat.request(true));
        }

        assertThat(relay.disabled).isEmpty();
    }

    @Test
    void aCallThatTriesTheSameChannelAgainCountsOnce() {
        ScriptedUpstream upstream = refusing(401);
        relay.channel(upstream.url()).retries(3).start();

        calls(2);

        assertThat(upstream.calls()).isEqualTo(8);
        assertThat(relay.disabled).isEmpty();
    }

    @Test
    void aMappedStatusHidesNothing() {
        relay.channel(refusing(401).url(), Map.of(), Map.of(401, 500)).start();

        assertThat(relay.chat(REQUEST).status()).isEqualTo(500);
        calls(2);

        assertThat(relay.disabled).containsExactly(OF_ONE + "status 401: no");
    }

    @Test
    void aStatusIntoWhichAnotherIsMappedIsNotTheUpstreams() {
        relay.channel(refusing(500).url(), Map.of(), Map.of(500, 401)).start();

        calls(5);

        assertThat(relay.disabled).isEmpty();
    }

    @Test
    void aKeywordInTheUpstreamsMessageCounts() {
        relay.channel(answering(400, Chat.error(KEYWORD + " to go on")).url()).start();

        calls(3);

        assertThat(relay.disabled).containsExactly(OF_ONE + "status 400: " + KEYWORD + " to go on");
    }

    @ParameterizedTest
    @ValueSource(strings = {KEYWORD, "Say: your CREDIT balance is too low, please"})
    void aKeywordThatTheClientHasWrittenHimselfNeverDoes(String prompt) {
        relay.channel(answering(400, Chat.error("cannot answer '" + prompt + "'"))
                        .url())
                .start();

        for (int i = 0; i < 5; i++) {
            relay.chat(asking(prompt));
        }
        // the same, written in another way
        for (int i = 0; i < 5; i++) {
            relay.chat(asking("#").replace("#", prompt.replace("r", "\\u0072")));
        }

        assertThat(relay.disabled).isEmpty();
    }

    @Test
    void anErrorInAnAnswerOfSuccessCounts() {
        relay.channel(answering(200, Chat.error(KEYWORD)).url()).start();

        calls(3);

        assertThat(relay.disabled).hasSize(1);
    }

    @Test
    void anExhaustedAccountThatTheUpstreamNamesNeedsTwoCalls() {
        String body = new JsonObject()
                .put("error", new JsonObject().put("message", "Pay").put("code", "insufficient_quota"))
                .encode();
        relay.channel(answering(429, body).url()).start();

        calls(2);

        assertThat(relay.disabled).containsExactly(OF_ONE + "status 429: Pay");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 429, 500, 503})
    void otherRefusalsDoNot(int status) {
        relay.channel(refusing(status).url()).start();

        calls(5);

        assertThat(relay.disabled).isEmpty();
    }

    @Test
    void anUpstreamThatIsAwayIsNotDisabled() {
        ScriptedUpstream gone = refusing(401);
        gone.stop();
        relay.channel(gone.url())
                .option("AutomaticDisableStatusCodes", "100-599")
                .start();

        calls(5);

        assertThat(relay.disabled).isEmpty();
    }

    @Test
    void whichStatusesCountIsAnOption() {
        relay.channel(refusing(403).url())
                .option("AutomaticDisableStatusCodes", "402-403")
                .start();

        calls(3);

        assertThat(relay.disabled).hasSize(1);
    }

    @Test
    void nothingIsDisabledWhereThatIsSwitchedOff() {
        relay.channel(refusing(401).url())
                .option("AutomaticDisableChannelEnabled", "false")
                .start();

        calls(5);

        assertThat(relay.disabled).isEmpty();
    }

    @Test
    void aChannelThatMayNotBeDisabledIsNot() {
        relay.channel(refusing(401).url(), made -> made.autoBan(false)).start();

        calls(5);

        assertThat(relay.disabled).isEmpty();
    }

    @Test
    void ofSeveralKeysTheOneThatIsRefusedIsNamed() {
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx);
        UnaryOperator<Channel.Builder> twoKeys = made -> made.keys(ChannelKeys.multi(
                List.of(new ChannelKeys.Slot(0, "good-key", true), new ChannelKeys.Slot(1, "bad-key", true)),
                KeyMode.POLLING));
        relay.channel(upstream.url(), twoKeys)
                .option("channel_health.enabled", "false")
                .start();

        for (int i = 0; i < 6; i++) {
            try (RawClient client = relay.connect()) {
                client.chat(REQUEST);
                ScriptedUpstream.Reply reply = upstream.next();
                boolean bad = upstream.heads().get(i).contains("bad-key");
                reply.json(bad ? 401 : 200, bad ? Chat.error("no") : Chat.completion("Hi", 1, 1));
                client.reply();
            }
        }

        assertThat(relay.disabled).containsExactly("1 bad-key status 401: no");
    }
}
