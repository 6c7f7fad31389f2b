package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.estimate.TextEstimator;
import io.newapi.server.log.ConsumeLogEntry;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a streamed answer, and of its charge, when somebody breaks off. */
class StreamAccidentsTest {

    private static final String REQUEST = Chat.request(true);
    private static final long PROMPT = Chat.estimatedPrompt(REQUEST);

    private RelayHarness relay = new RelayHarness();

    @AfterEach
    void close() {
        relay.close();
    }

    private ScriptedUpstream upstream() {
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx);
        relay.channel(upstream.url());
        return upstream;
    }

    private void use(RelaySettings settings) {
        relay.close();
        relay = new RelayHarness(settings);
    }

    private static long written(String text) {
        return TextEstimator.forModel(Chat.MODEL).estimate(text);
    }

    private static long price(long prompt, long completion) {
        return prompt + 2 * completion;
    }

    // ---- nothing goes wrong ----

    @Test
    void aCompleteStreamIsChargedByItsUsage() {
        ScriptedUpstream upstream = upstream();
        relay.start();
        try (RawClient client = relay.connect().chat(REQUEST)) {
            upstream.next()
                    .streamHead()
                    .text("Hello")
                    .text(" world")
                    .finish()
                    .usage(11, 5)
                    .done()
                    .end();
            RawClient.Reply reply = client.reply();

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.header("content-type")).isEqualTo("text/event-stream");
            assertThat(reply.body())
                    .isEqualTo("data: " + Chat.delta("Hello") + "\n\ndata: " + Chat.delta(" world") + "\n\ndata: "
                            + Chat.FINISH + "\n\ndata: [DONE]\n\n");
        }

        relay.finish();
        assertThat(relay.charges()).containsExactly(price(11, 5));
        ConsumeLogEntry log = relay.log();
        assertThat(log.promptTokens()).isEqualTo(11);
        assertThat(log.completionTokens()).isEqualTo(5);
        assertThat(log.stream()).isTrue();
        assertThat(log.upstreamRequestId()).isEqualTo("up-1");
        assertThat(log.other()).doesNotContain("local_count_tokens");
    }

    @Test
    void headersOfTheUpstreamStayThere() {
        ScriptedUpstream upstream = upstream();
        relay.start();
        try (RawClient client = relay.connect().chat(REQUEST)) {
            upstream.next().streamHead().text("Hi").finish().usage(1, 1).done().end();
            RawClient.Reply reply = client.reply();

            assertThat(reply.headers()).doesNotContainKeys("set-cookie", "server", "x-request-id");
            assertThat(reply.header("x-oneapi-request-id")).isNotEmpty();
        }
        relay.finish();
    }

    @Test
    void aClientThatWantsUsageGetsTheUpstreams() {
        ScriptedUpstream upstream = upstream();
        relay.start();
        try (RawClient client = relay.connect().chat(Chat.requestWithUsage())) {
            upstream.next().streamHead().text("Hi").finish().usage(11, 5).done().end();

            assertThat(client.reply().body())
                    .endsWith("data: " + Chat.FINISH + "\n\ndata: " + Chat.usage(11, 5) + "\n\ndata: [DONE]\n\n");
        }
        relay.finish();
    }

    @Test
    void aClientThatWantsUsageIsToldTheEstimateWhereTheUpstreamGaveNone() {
        ScriptedUpstream upstream = upstream();
        relay.start();
        long prompt = Chat.estimatedPrompt(Chat.requestWithUsage());
        long completion = written("Hello world");
        try (RawClient client = relay.connect().chat(Chat.requestWithUsage())) {
            upstream.next().streamHead().text("Hello world").finish().done().end();

            assertThat(client.reply().body())
                    .contains("\"usage\":{\"prompt_tokens\":" + prompt + ",\"completion_tokens\":" + completion)
                    .endsWith("data: [DONE]\n\n");
        }
        relay.finish();
        assertThat(relay.charges()).containsExactly(price(prompt, completion));
        assertThat(relay.log().other()).contains("\"local_count_tokens\":true");
    }

    @Test
    void theAnswerEndsWithItsLastEventThoughTheUpstreamStaysOnTheLine() {
        ScriptedUpstream upstream = upstream();
        relay.start();
        try (RawClient client = relay.connect().chat(REQUEST)) {
            ScriptedUpstream.Reply answer = upstream.next();
            answer.streamHead().text("Hi").finish().usage(3, 1).done();

            assertThat(client.reply().body()).endsWith("data: [DONE]\n\n");
            answer.awaitCut();
        }
        relay.finish();
        assertThat(relay.charges()).containsExactly(price(3, 1));
    }

    @Test
    void aConnectionThatEndedInOrderIsUsedAgain() {
        ScriptedUpstream upstream = upstream();
        relay.start();
        for (int i = 0; i < 2; i++) {
            try (RawClient client = relay.connect().chat(REQUEST)) {
                ScriptedUpstream.Reply answer = upstream.next();
                answer.streamHead().text("Hi").finish().usage(3, 1).done().end();
                client.reply();
                assertThat(answer.isCut()).isFalse();
            }
        }
        relay.finish();
        assertThat(relay.charges()).hasSize(2);
    }

    @Test
    void anExplicitUsageOfZeroStaysZero() {
        ScriptedUpstream upstream = upstream();
        relay.start();
        try (RawClient client = relay.connect().chat(REQUEST)) {
            upstream.next()
                    .streamHead()
                    .text("Hello")
                    .finish()
                    .usage(0, 0)
                    .done()
                    .end();
            client.reply();
        }
        relay.finish();
        assertThat(relay.charges()).containsExactly(0L);
        assertThat(relay.log().content()).contains("no usage");
    }

    // ---- the upstream breaks off ----

    @Test
    void upstreamClosesBeforeItAnswers() {
        ScriptedUpstream upstream = upstream();
        relay.start();
        try (RawClient client = relay.connect().chat(REQUEST)) {
            upstream.next().cut();
            RawClient.Reply reply = client.reply();

            assertThat(reply.status()).isEqualTo(500);
            assertThat(reply.body()).contains("do_request_failed").contains("request id: ");
        }
        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }

    @Test
    void upstreamClosesBeforeTheFirstEventAndAnotherOneAnswers() {
        ScriptedUpstream first = upstream();
        ScriptedUpstream second = upstream();
        relay.retries(1).start();
        try (RawClient client = relay.connect().chat(REQUEST)) {
            first.next().streamHead().cut();
            second.next().streamHead().text("Hi").finish().usage(4, 1).done().end();
            RawClient.Reply reply = client.reply();

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.body()).startsWith("data: " + Chat.delta("Hi"));
        }
        relay.finish();
        assertThat(relay.charges()).containsExactly(price(4, 1));
        assertThat(relay.log().channelId()).isEqualTo(2);
        assertThat(relay.log().other()).contains("\"use_channel\":[\"1\",\"2\"]");
    }

    @Test
    void upstreamClosesAfterThirdChunk() {
        ScriptedUpstream first = upstream();
        ScriptedUpstream second = upstream();
        relay.retries(3).start();
        try (RawClient client = relay.connect().chat(REQUEST)) {
            first.next().streamHead().text("one ").text("two ").text("three").cut();
            RawClient.Reply reply = client.reply();

            assertThat(reply.orderly()).isTrue();
            assertThat(reply.body())
                    .contains("three")
                    .contains("stream_interrupted")
                    .doesNotContain("[DONE]");
        }
        relay.finish();
        assertThat(second.calls()).as("never tried again once content was sent").isZero();
        assertThat(relay.charges()).containsExactly(price(PROMPT, written("one two three")));
        assertThat(relay.log().content()).contains("broke off");
    }

    @Test
    void upstreamClosesInsideAnEvent() {
        ScriptedUpstream upstream = upstream();
        relay.start();
        try (RawClient client = relay.connect().chat(REQUEST)) {
            upstream.next()
                    .streamHead()
                    .text("one")
                    .chunk("data: {\"choices\":[{\"del")
                    .cut();

            assertThat(client.reply().body())
                    .startsWith("data: " + Chat.delta("one") + "\n\ndata: {\"error\"")
                    .doesNotContain("del\n");
        }
        relay.finish();
        assertThat(relay.charges()).containsExactly(price(PROMPT, written("one")));
    }

    @Test
    void upstreamClosesBeforeUsageButAfterTheEndOfTheText() {
        ScriptedUpstream upstream = upstream();
        relay.start();
        try (RawClient client = relay.connect().chat(REQUEST)) {
            upstream.next().streamHead().text("one").finish().cut();

            assertThat(client.reply().body()).endsWith("data: [DONE]\n\n").doesNotContain("error");
        }
        relay.finish();
        assertThat(relay.charges()).containsExactly(price(PROMPT, written("one")));
    }

    @Test
    void upstreamClosesAfterUsage() {
        ScriptedUpstream upstream = upstream();
        relay.start();
        try (RawClient client = relay.connect().chat(REQUEST)) {
            upstream.next().streamHead().text("one").finish().usage(7, 3).cut();

            assertThat(client.reply().body()).endsWith("data: [DONE]\n\n").doesNotContain("error");
        }
        relay.finish();
        assertThat(relay.charges()).containsExactly(price(7, 3));
    }

    @Test
    void usageThatCameBeforeTheEndDoesNotMakeACutStreamComplete() {
        ScriptedUpstream upstream = upstream();
        relay.start();
        String early = Chat.delta("one").replace("}]}", "}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":0}}");
        assertThat(early).contains("usage");
        try (RawClient client = relay.connect().chat(REQUEST)) {
            upstream.next().streamHead().event(early).text(" two three").cut();

            assertThat(client.reply().body()).contains("stream_interrupted");
        }
        relay.finish();
        assertThat(relay.charges()).containsExactly(price(9, written("one two three")));
    }

    @Test
    void anEventThatIsCutAfterPartOfItPassedIsClosedBeforeTheError() {
        ScriptedUpstream upstream = upstream();
        relay.start();
        String part = "data: {\"choices\":[{\"delta\":{\"content\":\"" + "x".repeat(300_000);
        try (RawClient client = relay.connect().chat(REQUEST)) {
            upstream.next().streamHead().chunk(part).cut();

            assertThat(client.reply().body()).startsWith(part + "\n\ndata: {\"error\"");
        }
        relay.finish();
        assertThat(relay.charges()).containsExactly(price(PROMPT, 1400));
    }

    @Test
    void aDrainedCallThatIsRefusedInTheEndCostsNothing() {
        use(RelayHarness.draining(Duration.ofMillis(1500), 1));
        ScriptedUpstream upstream = upstream();
        relay.start();
        RawClient client = relay.connect().chat(REQUEST);
        ScriptedUpstream.Reply answer = upstream.next();
        client.close();
        relay.awaitCloses(1);
        answer.raw("HTTP/1.1 500 X\r\nContent-Length: 100\r\n\r\n{\"error\"");
        answer.awaitCut();

        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }

    @Test
    void anErrorPageThatIsCalledAStreamIsNotPassedOn() {
        ScriptedUpstream first = upstream();
        ScriptedUpstream second = upstream();
        relay.retries(1).start();
        try (RawClient client = relay.connect().chat(REQUEST)) {
            first.next()
                    .streamHead()
                    .chunk("<html>\n\nsee http://internal.example\n\n</html>\n\n")
                    .end();
            second.next().streamHead().text("Hi").finish().usage(4, 1).done().end();

            assertThat(client.reply().body()).startsWith("data: " + Chat.delta("Hi"));
        }
        relay.finish();
        assertThat(relay.charges()).containsExactly(price(4, 1));
    }

    // ---- the upstream says nothing, or nonsense ----

    @Test
    void anEmptyStreamIsTriedElsewhere() {
        ScriptedUpstream first = upstream();
        ScriptedUpstream second = upstream();
        relay.retries(1).start();
        try (RawClient client = relay.connect().chat(REQUEST)) {
            first.next().streamHead().end();
            second.next().streamHead().text("Hi").finish().usage(4, 1).done().end();

            assertThat(client.reply().body()).contains("Hi");
        }
        relay.finish();
        assertThat(relay.charges()).containsExactly(price(4, 1));
    }

    @Test
    void anEmptyStreamCostsNothing() {
        ScriptedUpstream upstream = upstream();
        relay.start();
        try (RawClient client = relay.connect().chat(REQUEST)) {
            upstream.next().streamHead().end();
            RawClient.Reply reply = client.reply();

            assertThat(reply.status()).isEqualTo(502);
            assertThat(reply.body()).contains("empty_response");
        }
        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }

    @Test
    void upstreamIsSilentBeforeItsHead() {
        use(RelayHarness.silence(Duration.ofMillis(150), Duration.ofSeconds(30)));
        ScriptedUpstream first = upstream();
        ScriptedUpstream second = upstream();
        relay.retries(1).start();
        try (RawClient client = relay.connect().chat(REQUEST)) {
            ScriptedUpstream.Reply silent = first.next();
            second.next().streamHead().text("Hi").finish().usage(4, 1).done().end();

            assertThat(client.reply().body()).contains("Hi");
            silent.awaitCut();
        }
        relay.finish();
        assertThat(relay.charges()).containsExactly(price(4, 1));
    }

    @Test
    void upstreamStallsInTheMiddle() {
        use(RelayHarness.silence(Duration.ZERO, Duration.ofMillis(150)));
        ScriptedUpstream upstream = upstream();
        relay.start();
        try (RawClient client = relay.connect().chat(REQUEST)) {
            ScriptedUpstream.Reply silent = upstream.next();
            silent.streamHead().text("one");
            RawClient.Reply reply = client.reply();

            assertThat(reply.orderly()).isTrue();
            assertThat(reply.body()).contains("one").contains("upstream_timeout");
            silent.awaitCut();
        }
        relay.finish();
        assertThat(relay.charges()).containsExactly(price(PROMPT, written("one")));
    }

    @Test
    void signsOfLifeKeepAStreamAliveBeyondTheLimitOfSilence() {
        use(RelayHarness.silence(Duration.ZERO, Duration.ofMillis(400)));
        ScriptedUpstream upstream = upstream();
        relay.start();
        try (RawClient client = relay.connect().chat(REQUEST)) {
            ScriptedUpstream.Reply answer = upstream.next();
            answer.streamHead();
            int[] left = {12};
            relay.vertx.setPeriodic(100, timer -> {
                if (--left[0] > 0) {
                    answer.text("x");
                } else {
                    relay.vertx.cancelTimer(timer);
                    answer.finish().usage(3, 12).done().end();
                }
            });

            assertThat(client.reply().body()).endsWith("data: [DONE]\n\n").doesNotContain("error");
        }
        relay.finish();
        assertThat(relay.charges()).containsExactly(price(3, 12));
    }

    @Test
    void aCallThatTakesTooLongInAllIsCutThoughItIsAlive() {
        use(RelayHarness.total(Duration.ofMillis(500)));
        ScriptedUpstream upstream = upstream();
        relay.start();
        Seen seen;
        try (RawClient client = relay.connect().chat(REQUEST)) {
            ScriptedUpstream.Reply answer = upstream.next();
            answer.streamHead();
            long timer = relay.vertx.setPeriodic(20, tick -> answer.text("x"));

            seen = Seen.of(new ChatSpeaker(), client.reply().body());
            answer.awaitCut();
            relay.vertx.cancelTimer(timer);
        }
        assertThat(seen).isEqualTo(Seen.part(seen.text(), "the upstream took too long to answer"));
        assertThat(seen.text()).isNotEmpty();
        relay.finish();
        assertThat(relay.charges()).containsExactly(price(PROMPT, written(seen.text())));
    }

    @Test
    void aMalformedChunkPassesAndTheRestIsMetered() {
        ScriptedUpstream upstream = upstream();
        relay.start();
        try (RawClient client = relay.connect().chat(REQUEST)) {
            upstream.next()
                    .streamHead()
                    .text("one")
                    .event("{\"choices\":[{\"delta\":")
                    .text(" two")
                    .finish()
                    .done()
                    .end();

            assertThat(client.reply().body()).contains("two").endsWith("data: [DONE]\n\n");
        }
        relay.finish();
        assertThat(relay.charges()).containsExactly(price(PROMPT, written("one two")));
    }

    @Test
    void anEventTooLargeToHoldPassesUnreadAndIsNotFree() {
        ScriptedUpstream upstream = upstream();
        relay.start();
        String picture = Chat.delta("x".repeat(700_000));
        try (RawClient client = relay.connect().chat(REQUEST)) {
            upstream.next().streamHead().event(picture).finish().done().end();

            assertThat(client.reply().body())
                    .isEqualTo("data: " + picture + "\n\ndata: " + Chat.FINISH + "\n\ndata: [DONE]\n\n");
        }
        relay.finish();
        assertThat(relay.charges()).containsExactly(price(PROMPT, 1400));
    }

    // ---- the upstream reports an error in its stream ----

    @Test
    void anErrorEventFirstIsTriedElsewhere() {
        ScriptedUpstream first = upstream();
        ScriptedUpstream second = upstream();
        relay.retries(1).start();
        try (RawClient client = relay.connect().chat(REQUEST)) {
            first.next().streamHead().event(Chat.error("overloaded")).done().end();
            second.next().streamHead().text("Hi").finish().usage(4, 1).done().end();

            assertThat(client.reply().body()).contains("Hi").doesNotContain("overloaded");
        }
        relay.finish();
        assertThat(relay.charges()).containsExactly(price(4, 1));
    }

    @Test
    void anErrorEventBehindCommentsIsTriedElsewhere() {
        ScriptedUpstream first = upstream();
        ScriptedUpstream second = upstream();
        relay.retries(1).start();
        try (RawClient client = relay.connect().chat(REQUEST)) {
            ScriptedUpstream.Reply refusing = first.next();
            refusing.streamHead().chunk(": PROCESSING\n\n");
            client.awaitText(": PROCESSING\n\n");
            refusing.event(Chat.error("overloaded")).end();
            second.next().streamHead().text("Hi").finish().usage(4, 1).done().end();

            client.awaitText("data: [DONE]");
        }
        relay.finish();
        assertThat(relay.charges()).containsExactly(price(4, 1));
    }

    @Test
    void anErrorEventInOnePieceWithACommentIsTriedElsewhere() {
        ScriptedUpstream first = upstream();
        ScriptedUpstream second = upstream();
        relay.retries(1).start();
        try (RawClient client = relay.connect().chat(REQUEST)) {
            first.next()
                    .streamHead()
                    .chunk(": PROCESSING\n\ndata: " + Chat.error("overloaded") + "\n\n")
                    .end();
            second.next().streamHead().text("Hi").finish().usage(4, 1).done().end();

            assertThat(client.reply().body()).contains("Hi").doesNotContain("overloaded");
        }
        relay.finish();
        assertThat(relay.charges()).containsExactly(price(4, 1));
    }

    @Test
    void anErrorEventAfterContentEndsTheStreamAndIsNoOutput() {
        ScriptedUpstream first = upstream();
        ScriptedUpstream second = upstream();
        relay.retries(1).start();
        try (RawClient client = relay.connect().chat(REQUEST)) {
            first.next()
                    .streamHead()
                    .text("one")
                    .event(Chat.error("a long story about what went wrong in the machine"))
                    .done()
                    .end();
            RawClient.Reply reply = client.reply();

            assertThat(reply.body()).contains("one").contains("a long story").doesNotContain("[DONE]");
        }
        relay.finish();
        assertThat(second.calls()).isZero();
        assertThat(relay.charges()).containsExactly(price(PROMPT, written("one")));
    }

    @Test
    void theStatusThatAnErrorEventNamesDecides() {
        ScriptedUpstream first = upstream();
        ScriptedUpstream second = upstream();
        relay.retries(1).start();
        try (RawClient client = relay.connect().chat(REQUEST)) {
            first.next()
                    .streamHead()
                    .event("{\"error\":{\"message\":\"too long\",\"code\":400}}")
                    .end();

            assertThat(client.reply().status()).isEqualTo(400);
        }
        relay.finish();
        assertThat(second.calls()).as("a bad request is bad everywhere").isZero();
    }

    @Test
    void anErrorInOnePieceInsteadOfAStreamIsReadAsOne() {
        ScriptedUpstream upstream = upstream();
        relay.start();
        try (RawClient client = relay.connect().chat(REQUEST)) {
            upstream.next().json(200, Chat.error("no such model here"));
            RawClient.Reply reply = client.reply();

            assertThat(reply.status()).isEqualTo(502);
            assertThat(reply.body()).contains("no such model here");
        }
        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }

    @Test
    void anErrorThatIsSentAsIfItWereAStreamIsReadAsOne() {
        ScriptedUpstream upstream = upstream();
        relay.start();
        try (RawClient client = relay.connect().chat(REQUEST)) {
            upstream.next().streamHead().chunk(Chat.error("no such model here")).end();

            assertThat(client.reply().body()).contains("no such model here");
        }
        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }

    @Test
    void aWholeAnswerInsteadOfAStreamIsPassedOnAndCharged() {
        ScriptedUpstream upstream = upstream();
        relay.start();
        String completion = Chat.completion("Hello", 5, 2);
        try (RawClient client = relay.connect().chat(REQUEST)) {
            upstream.next().json(200, completion);
            RawClient.Reply reply = client.reply();

            assertThat(reply.body()).isEqualTo(completion);
            assertThat(reply.header("content-type")).isEqualTo("application/json");
        }
        relay.finish();
        assertThat(relay.charges()).containsExactly(price(5, 2));
    }

    // ---- the client goes away ----

    @Test
    void clientLeavesBeforeTheAnswerAndTheUpstreamIsCut() {
        ScriptedUpstream upstream = upstream();
        relay.start();
        ScriptedUpstream.Reply answer;
        RawClient client = relay.connect().chat(REQUEST);
        answer = upstream.next();
        client.close();
        answer.awaitCut();
        relay.finish();
        assertThat(relay.charges()).containsExactly(price(PROMPT, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 6})
    void clientLeavesInTheMiddleAndPaysForWhatWasRelayed(int chunks) {
        ScriptedUpstream upstream = upstream();
        relay.start();
        ScriptedUpstream.Reply answer;
        try (RawClient client = relay.connect().chat(REQUEST)) {
            answer = upstream.next();
            answer.streamHead();
            for (int i = 1; i <= chunks; i++) {
                answer.text("word" + i + " ");
            }
            client.awaitText("word" + chunks);
        }
        answer.awaitCut();
        relay.finish();
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= chunks; i++) {
            text.append("word").append(i).append(' ');
        }
        assertThat(relay.charges()).containsExactly(price(PROMPT, written(text.toString())));
        assertThat(relay.log().content()).contains("client went away");
    }

    @Test
    void clientLeavesAndTheAnswerIsReadToItsUsage() {
        use(RelayHarness.draining(Duration.ofSeconds(20), 10));
        ScriptedUpstream upstream = upstream();
        relay.start();
        ScriptedUpstream.Reply answer;
        try (RawClient client = relay.connect().chat(REQUEST)) {
            answer = upstream.next();
            answer.streamHead().text("one");
            client.awaitText("one");
        }
        answer.text(" two").text(" three").finish().usage(8, 6).done().end();
        relay.finish();
        assertThat(relay.charges()).containsExactly(price(8, 6));
        assertThat(answer.isCut()).isFalse();
    }

    @Test
    void clientLeavesBeforeTheAnswerAndItIsReadToItsUsage() {
        use(RelayHarness.draining(Duration.ofSeconds(20), 10));
        ScriptedUpstream upstream = upstream();
        relay.start();
        ScriptedUpstream.Reply answer;
        RawClient client = relay.connect().chat(REQUEST);
        answer = upstream.next();
        client.close();
        answer.streamHead().text("one").finish().usage(8, 6).done().end();
        relay.finish();
        assertThat(relay.charges()).containsExactly(price(8, 6));
    }

    @Test
    void aDrainHasAnEnd() {
        use(RelayHarness.draining(Duration.ofMillis(200), 10));
        ScriptedUpstream upstream = upstream();
        relay.start();
        ScriptedUpstream.Reply answer;
        try (RawClient client = relay.connect().chat(REQUEST)) {
            answer = upstream.next();
            answer.streamHead().text("one");
            client.awaitText("one");
        }
        answer.awaitCut();
        relay.finish();
        assertThat(relay.charges()).containsExactly(price(PROMPT, written("one")));
    }

    @Test
    void aDrainThatBeganBeforeTheAnswerChargesWhatCameAfterwards() {
        use(RelayHarness.draining(Duration.ofMillis(500), 10));
        ScriptedUpstream upstream = upstream();
        relay.start();
        ScriptedUpstream.Reply answer;
        RawClient client = relay.connect().chat(REQUEST);
        answer = upstream.next();
        client.close();
        answer.streamHead().text("one two three");
        answer.awaitCut();
        relay.finish();
        assertThat(relay.charges()).containsExactly(price(PROMPT, written("one two three")));
    }

    @Test
    void noMoreAnswersAreDrainedThanAllowed() {
        use(RelayHarness.draining(Duration.ofSeconds(20), 0));
        ScriptedUpstream upstream = upstream();
        relay.start();
        ScriptedUpstream.Reply answer;
        try (RawClient client = relay.connect().chat(REQUEST)) {
            answer = upstream.next();
            answer.streamHead().text("one");
            client.awaitText("one");
        }
        answer.awaitCut();
        relay.finish();
        assertThat(relay.charges()).containsExactly(price(PROMPT, written("one")));
    }

    @Test
    void theUpstreamFailsWhileItsAnswerIsDrained() {
        use(RelayHarness.draining(Duration.ofSeconds(20), 10));
        ScriptedUpstream first = upstream();
        ScriptedUpstream second = upstream();
        relay.retries(1).start();
        ScriptedUpstream.Reply answer;
        try (RawClient client = relay.connect().chat(REQUEST)) {
            answer = first.next();
            answer.streamHead().text("one");
            client.awaitText("one");
        }
        answer.text(" two").cut();
        relay.finish();
        assertThat(second.calls()).isZero();
        assertThat(relay.charges()).containsExactly(price(PROMPT, written("one two")));
    }

    // ---- the client is slow ----

    @Test
    void aSlowClientHoldsTheUpstreamUp() {
        ScriptedUpstream upstream = upstream();
        relay.start();
        String piece = "x".repeat(10_000);
        try (RawClient client = RawClient.connectSlow(relay.port()).chat(REQUEST)) {
            ScriptedUpstream.Reply answer = upstream.next();
            answer.streamHead();
            int sent = Slow.fill(relay.vertx, answer, piece, 5000);

            assertThat(sent).as("the upstream had to wait long before 50 MB").isLessThan(4000);
            relay.vertx.runOnContext(go -> answer.finish().usage(4, 2).done().end());
            RawClient.Reply reply = client.reply();
            assertThat(reply.orderly()).isTrue();
            assertThat(reply.body()).endsWith("data: [DONE]\n\n");
            assertThat(reply.body().length()).isGreaterThan(sent * 10_000);
        }
        relay.finish();
        assertThat(relay.charges()).containsExactly(price(4, 2));
    }

    @Test
    void aClientThatStopsReadingIsGivenUp() {
        use(RelayHarness.silence(Duration.ZERO, Duration.ofMillis(300)));
        ScriptedUpstream upstream = upstream();
        relay.start();
        RawClient client = RawClient.connectSlow(relay.port()).chat(REQUEST);
        ScriptedUpstream.Reply answer = upstream.next();
        answer.streamHead();
        Slow.fill(relay.vertx, answer, "word ".repeat(2000), 5000);
        answer.awaitCut();
        relay.awaitCloses(1);
        relay.finish();
        client.close();
        assertThat(relay.charges()).hasSize(1);
        assertThat(relay.log().content()).isEqualTo("the client stopped reading");
    }

    @Test
    void aSlowClientThatLeavesLetsTheDrainGoOn() {
        use(RelayHarness.draining(Duration.ofSeconds(20), 10));
        ScriptedUpstream upstream = upstream();
        relay.start();
        ScriptedUpstream.Reply answer;
        RawClient client = RawClient.connectSlow(relay.port()).chat(REQUEST);
        answer = upstream.next();
        answer.streamHead();
        Slow.fill(relay.vertx, answer, "x".repeat(10_000), 5000);
        client.close();
        relay.vertx.runOnContext(go -> answer.finish().usage(4, 2).done().end());
        relay.finish();
        assertThat(relay.charges()).containsExactly(price(4, 2));
    }
}
