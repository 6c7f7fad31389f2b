package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which channel a call goes to: after failures, by load, and with the calls that it belongs to. */
class ChannelChoiceTest {

    private static final String REQUEST = Chat.request(false);

    private final RelayHarness relay = new RelayHarness();

    @AfterEach
    void close() {
        relay.close();
    }

    private ScriptedUpstream answering(int status) {
        return ScriptedUpstream.start(
                relay.vertx, reply -> reply.json(status, status == 200 ? Chat.completion("Hi", 1, 1) : "{}"));
    }

    private ScriptedUpstream good() {
        return answering(200);
    }

    private List<Integer> statuses(int calls) {
        List<Integer> statuses = new ArrayList<>();
        for (int call = 0; call < calls; call++) {
            statuses.add(relay.chat(REQUEST).status());
        }
        return statuses;
    }

    // ---- health ----

    @Test
    void aChannelThatKeepsFailingYieldsToOneOfLowerPriority() {
        ScriptedUpstream bad = answering(500);
        ScriptedUpstream fallback = good();
        relay.channel(bad.url()).channel(fallback.url()).start();

        assertThat(statuses(8)).containsExactly(500, 500, 500, 500, 500, 200, 200, 200);
        assertThat(bad.calls()).isEqualTo(5);
        assertThat(fallback.calls()).isEqualTo(3);
        relay.finish();
    }

    @Test
    void withRetriesNobodyNoticesAndTheBadChannelIsLeftAlone() {
        ScriptedUpstream bad = answering(503);
        ScriptedUpstream fallback = good();
        relay.channel(bad.url()).channel(fallback.url()).retries(1).start();

        assertThat(statuses(20)).containsOnly(200);
        assertThat(bad.calls()).isEqualTo(5);
        relay.finish();
    }

    @Test
    void anUpstreamThatCannotBeReachedYieldsToo() {
        ScriptedUpstream gone = good();
        gone.stop();
        ScriptedUpstream fallback = good();
        relay.channel(gone.url()).channel(fallback.url()).start();

        assertThat(statuses(7).subList(5, 7)).containsOnly(200);
        relay.finish();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 422})
    void whatMayBeTheClientsFaultMovesNobody(int status) {
        ScriptedUpstream strict = answering(status);
        ScriptedUpstream fallback = good();
        relay.channel(strict.url()).channel(fallback.url()).start();

        assertThat(statuses(10)).containsOnly(status);
        assertThat(fallback.calls()).isZero();
        relay.finish();
    }

    @Test
    void theOnlyChannelIsCalledHoweverOftenItFails() {
        ScriptedUpstream bad = answering(500);
        relay.channel(bad.url()).start();

        assertThat(statuses(8)).containsOnly(500);
        assertThat(bad.calls()).isEqualTo(8);
        relay.finish();
    }

    @Test
    void withoutHealthFailuresMoveNobody() {
        ScriptedUpstream bad = answering(500);
        relay.channel(bad.url()).channel(good().url()).option("channel_health.enabled", "false");
        relay.start();

        assertThat(statuses(8)).containsOnly(500);
        relay.finish();
    }

    @Test
    void thresholdsAreOptions() {
        ScriptedUpstream bad = answering(500);
        relay.channel(bad.url()).channel(good().url()).option("channel_health.failures", "2");
        relay.start();

        assertThat(statuses(4)).containsExactly(500, 500, 200, 200);
        relay.finish();
    }

    @Test
    void anUpstreamThatSaysWhenToComeBackCanBeLeftAloneAtOnce() {
        ScriptedUpstream limited =
                ScriptedUpstream.start(relay.vertx, reply -> reply.json(429, "{}", "Retry-After: 30"));
        relay.channel(limited.url()).channel(good().url()).option("channel_health.retry_after_at_once", "true");
        relay.start();

        assertThat(statuses(3)).containsExactly(429, 200, 200);
        relay.finish();
    }

    @Test
    void aStreamThatHasBegunCountsAsASuccessBeforeItEnds() {
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx);
        ScriptedUpstream fallback = good();
        relay.channel(upstream.url()).channel(fallback.url()).option("channel_health.failures", "1");
        relay.start();
        List<RawClient> clients = new ArrayList<>();
        List<ScriptedUpstream.Reply> open = new ArrayList<>();

        // Given 3 streams under way
        for (int i = 0; i < 3; i++) {
            RawClient client = relay.connect().chat(Chat.request(true));
            clients.add(client);
            ScriptedUpstream.Reply reply = upstream.next();
            open.add(reply.streamHead().text("Hi"));
            client.awaitText("Hi");
        }
        // When 3 calls fail
        for (int i = 0; i < 3; i++) {
            try (RawClient client = relay.connect().chat(REQUEST)) {
                upstream.next().json(500, "{}");
                assertThat(client.reply().status()).isEqualTo(500);
            }
        }
        // Then only the last of them made it half of the outcomes
        assertThat(relay.chat(REQUEST).status()).isEqualTo(200);
        assertThat(fallback.calls()).isEqualTo(1);

        open.forEach(reply -> reply.finish().done().end());
        clients.forEach(RawClient::reply);
        clients.forEach(RawClient::close);
        relay.finish();
    }

    // ---- retries ----

    @Test
    void whichStatusesAreRetriedIsAnOption() {
        ScriptedUpstream fallback = good();
        relay.channel(answering(500).url())
                .channel(fallback.url())
                .retries(1)
                .option("AutomaticRetryStatusCodes", "429")
                .start();

        assertThat(relay.chat(REQUEST).status()).isEqualTo(500);
        assertThat(fallback.calls()).isZero();
        relay.finish();
    }

    // ---- strategies and affinity ----

    @Test
    void callsUnderWayGoToTheChannelsWithTheFewest() {
        List<ScriptedUpstream> upstreams = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            upstreams.add(ScriptedUpstream.start(relay.vertx));
            relay.equalChannel(upstreams.get(i).url());
        }
        relay.option("channel_selection.strategy", "least_in_flight").start();
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            clients.add(relay.connect().chat(REQUEST));
        }

        // Then each has two of the six
        List<ScriptedUpstream.Reply> replies = new ArrayList<>();
        for (ScriptedUpstream upstream : upstreams) {
            replies.add(upstream.next());
            replies.add(upstream.next());
        }
        replies.forEach(reply -> reply.json(200, Chat.completion("Hi", 1, 1)));
        clients.forEach(RawClient::reply);
        clients.forEach(RawClient::close);
        relay.finish();
    }

    @Test
    void theCallsOfAConversationGoToOneChannelAndThoseOfManySpread() {
        List<ScriptedUpstream> upstreams = threeEqual();
        relay.option("channel_selection.affinity_enabled", "true").start();

        Set<Integer> met = new HashSet<>();
        for (int session = 0; session < 12; session++) {
            List<Integer> before = calls(upstreams);
            for (int call = 0; call < 3; call++) {
                post(Chat.request(false, "turn " + call), "X-Session-Id: session-" + session);
            }
            met.add(onlyOneThatGrewBy(3, before, calls(upstreams)));
        }

        assertThat(met).containsExactlyInAnyOrder(0, 1, 2);
        relay.finish();
    }

    @Test
    void aConversationIsKnownByItsBeginningWhereNothingNamesIt() {
        List<ScriptedUpstream> upstreams = threeEqual();
        relay.option("channel_selection.affinity_enabled", "true").start();

        Set<Integer> met = new HashSet<>();
        for (int conversation = 0; conversation < 12; conversation++) {
            List<Integer> before = calls(upstreams);
            String first = "{\"model\":\"" + Chat.MODEL + "\",\"messages\":[{\"role\":\"user\",\"content\":\"question "
                    + conversation + "\"}";
            String later = ",{\"role\":\"assistant\",\"content\":\"a\"},{\"role\":\"user\",\"content\":\"b\"}";
            post(first + "]}");
            post(first + later + "]}");
            post(first + later + later + "]}");
            met.add(onlyOneThatGrewBy(3, before, calls(upstreams)));
        }

        assertThat(met).containsExactlyInAnyOrder(0, 1, 2);
        relay.finish();
    }

    @Test
    void withoutTheOptionAConversationSpreads() {
        List<ScriptedUpstream> upstreams = threeEqual();
        relay.start();

        for (int call = 0; call < 40; call++) {
            post(REQUEST, "X-Session-Id: one");
        }

        assertThat(calls(upstreams)).doesNotContain(0);
        relay.finish();
    }

    private List<ScriptedUpstream> threeEqual() {
        List<ScriptedUpstream> upstreams = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            upstreams.add(good());
            relay.equalChannel(upstreams.get(i).url());
        }
        return upstreams;
    }

    private void post(String body, String... headers) {
        try (RawClient client = relay.connect()) {
            assertThat(client.post("/v1/chat/completions", body, headers)
                            .reply()
                            .status())
                    .isEqualTo(200);
        }
    }

    private static List<Integer> calls(List<ScriptedUpstream> upstreams) {
        return upstreams.stream().map(ScriptedUpstream::calls).toList();
    }

    private static int onlyOneThatGrewBy(int growth, List<Integer> before, List<Integer> after) {
        for (int i = 0; i < before.size(); i++) {
            if (after.get(i) - before.get(i) == growth) {
                return i;
            }
        }
        throw new AssertionError("calls went from " + before + " to " + after);
    }
}
