package io.newapi.server.relay.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.estimate.TextEstimator;
import io.newapi.core.pricing.Usage;
import io.newapi.core.pricing.UsageSemantics;
import io.vertx.core.buffer.Buffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerStreamTest {

    private static final String ONE = "data: {\"choices\":[{\"delta\":{\"content\":\"One é中\\u0041\"}}]}\n\n";
    private static final String TWO =
            "data: {\"choices\":[{\"delta\":{\"content\":\" two\"},\"finish_reason\":null}]}\n\n";
    private static final String FINISH = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    private static final String USAGE = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3,"
            + "\"prompt_tokens_details\":{\"cached_tokens\":2}}}\n\n";
    private static final String DONE = "data: [DONE]\n\n";
    private static final long PROMPT = 100;

    private final AnswerStream stream = new AnswerStream(new ChatMeter("m", false, CompletionCount.WITH_REASONING));

    private static String feed(AnswerStream stream, String text) {
        return stream.feed(Buffer.buffer(text)).toString(UTF_8);
    }

    private String feed(String text) {
        return feed(stream, text);
    }

    private static String ending(AnswerStream stream) {
        return stream.ending(new Ending("id", "m", 7), stream.metered(PROMPT).usage())
                .toString(UTF_8);
    }

    private static long written(String text) {
        return TextEstimator.forModel("m").estimate(text);
    }

    private static String event(String data) {
        return "data: " + data + "\n\n";
    }

    // ---- cutting ----

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whereverAStreamIsCutTheOutcomeIsTheSame(boolean usageWanted) {
        String text = ": hello\n\n" + ONE + ": ping\n\nevent: x\nid: 7\n" + TWO + "\n" + FINISH.replace("\n", "\r\n")
                + event("{broken") + USAGE + DONE;
        byte[] bytes = text.getBytes(UTF_8);
        AnswerStream whole = new AnswerStream(new ChatMeter("m", usageWanted, CompletionCount.WITH_REASONING));
        String expected = feed(whole, text) + whole.end();
        assertThat(expected).isEqualTo(usageWanted ? text.replace(DONE, "") : text.replace(USAGE + DONE, ""));

        for (int cut = 0; cut <= bytes.length; cut++) {
            AnswerStream parts = new AnswerStream(new ChatMeter("m", usageWanted, CompletionCount.WITH_REASONING));
            Buffer out = Buffer.buffer()
                    .appendBuffer(parts.feed(Buffer.buffer(bytes).getBuffer(0, cut)))
                    .appendBuffer(parts.feed(Buffer.buffer(bytes).getBuffer(cut, bytes.length)))
                    .appendBuffer(parts.end());

            assertThat(out.toString(UTF_8)).as("cut at %d", cut).isEqualTo(expected);
            assertThat(parts.metered(PROMPT)).isEqualTo(whole.metered(PROMPT));
            assertThat(parts.done()).isTrue();
        }
    }

    @Test
    void byteByByteIsTheSameToo() {
        String text = ONE + ": ping\n\n" + TWO + FINISH + USAGE + DONE;
        StringBuilder out = new StringBuilder();
        Buffer all = Buffer.buffer();
        for (byte b : text.getBytes(UTF_8)) {
            all.appendBuffer(stream.feed(Buffer.buffer(new byte[] {b})));
        }
        out.append(all.toString(UTF_8));

        assertThat(out.toString()).isEqualTo(ONE + ": ping\n\n" + TWO + FINISH);
        assertThat(stream.metered(PROMPT).usage()).isEqualTo(Usage.of(7, 3).withCachedTokens(2));
    }

    @Test
    void aChunkOfWholeEventsPassesUncopied() {
        Buffer chunk = Buffer.buffer(ONE + TWO);

        assertThat(stream.feed(chunk)).isSameAs(chunk);
        assertThat(stream.heldBytes()).isZero();
    }

    @Test
    void nothingPassesBeforeItsEventIsWhole() {
        assertThat(feed("data: {\"choices\":")).isEmpty();
        assertThat(stream.any()).isFalse();
        assertThat(feed("[]}\n")).isEmpty();
        assertThat(feed("\n")).isEqualTo("data: {\"choices\":[]}\n\n");
        assertThat(stream.any()).isTrue();
    }

    @Test
    void noMoreIsHeldThanSaidHoweverLongAnEventIs() {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder("data: {\"choices\":[{\"delta\":{\"content\":\"");
        text.append("x".repeat(5 * AnswerStream.MAX_HELD_BYTES))
                .append("\"}}]}\n\n")
                .append(ONE);
        Buffer all = Buffer.buffer(text.toString());
        Buffer out = Buffer.buffer();
        for (int at = 0; at < all.length(); ) {
            int length = Math.min(1 + random.nextInt(20_000), all.length() - at);
            out.appendBuffer(stream.feed(all.getBuffer(at, at + length)));
            assertThat(stream.heldBytes()).isLessThanOrEqualTo(AnswerStream.MAX_HELD_BYTES);
            at += length;
        }

        assertThat(out).isEqualTo(all);
        assertThat(stream.any()).isTrue();
        assertThat(stream.metered(PROMPT).usage().completionTokens()).isEqualTo(1400 + written("One é中A"));
    }

    // ---- long events ----

    private static AnswerStream inPieces(AnswerStream stream, Buffer out, String text) {
        Buffer all = Buffer.buffer(text);
        for (int at = 0; at < all.length(); at += 10_000) {
            out.appendBuffer(stream.feed(all.getBuffer(at, Math.min(all.length(), at + 10_000))));
            assertThat(stream.heldBytes()).isLessThanOrEqualTo(AnswerStream.MAX_HELD_BYTES);
        }
        return stream;
    }

    @Test
    void whatAPictureTookIsReadThoughItsEventIsNotHeld() {
        String picture = event("{\"candidates\":[{\"content\":{\"parts\":[{\"inlineData\":{\"data\":\""
                + "iVBORw0KGgo".repeat(30_000) + "\"}}]},\"finishReason\":\"STOP\"}],"
                + "\"usageMetadata\":{\"promptTokenCount\":7,\"candidatesTokenCount\":1290,\"totalTokenCount\":1297}}");
        Buffer out = Buffer.buffer();
        AnswerStream seen = inPieces(new AnswerStream(new GeminiMeter("m")), out, picture);

        assertThat(seen.complete()).isTrue();
        assertThat(out.toString(UTF_8) + ending(seen)).isEqualTo(picture);
        assertThat(seen.metered(PROMPT).usage()).isEqualTo(Usage.of(7, 1290));
        assertThat(seen.metered(PROMPT).estimated()).isFalse();
    }

    /** It is charged before the client has all of it. */
    @Test
    void aLastEventThatIsNotHeldWaitsForItsBlankLine() {
        String last = "event: response.completed\n"
                + event(
                        "{\"type\":\"response.completed\",\"response\":{\"status\":\"completed\",\"output\":[{\"result\":\""
                                + "iVBORw0KGgo".repeat(30_000)
                                + "\"}],\"usage\":{\"input_tokens\":7,\"output_tokens\":5,\"total_tokens\":12}}}");
        Buffer out = Buffer.buffer();
        AnswerStream seen = inPieces(new AnswerStream(new ResponsesMeter("m")), out, last);

        assertThat(out.toString(UTF_8)).isEqualTo(last.stripTrailing());
        assertThat(seen.done()).isTrue();
        assertThat(seen.insideEvent()).isTrue();
        assertThat(seen.metered(PROMPT).usage()).isEqualTo(Usage.of(7, 5));
        assertThat(out.toString(UTF_8) + ending(seen)).isEqualTo(last);
    }

    @Test
    void writtenTextThatIsNotHeldIsCountedByItsLengthWhereNobodySaysWhatItTook() {
        String text = "so it goes on and on ".repeat(10_000);
        inPieces(stream, Buffer.buffer(), event("{\"choices\":[{\"delta\":{\"content\":\"" + text + "\"}}]}"));

        assertThat(stream.metered(PROMPT).usage().completionTokens()).isEqualTo(text.length() / 4);
    }

    @Test
    void behindTheLastEventNothingPassesHoweverLongItIs() {
        assertThat(feed(ONE + DONE + "data: " + "x".repeat(AnswerStream.MAX_HELD_BYTES)))
                .isEqualTo(ONE);
        assertThat(stream.insideEvent()).isFalse();
    }

    @Test
    void anEventAsLongAsThatIsStillRead() {
        String text = "y".repeat(200_000);

        assertThat(feed(event("{\"choices\":[{\"delta\":{\"content\":\"" + text + "\"}}]}")))
                .hasSizeGreaterThan(200_000);
        assertThat(stream.metered(PROMPT).usage().completionTokens()).isEqualTo(written(text));
    }

    // ---- the end ----

    @Test
    void theLastEventIsSwallowedAndSoIsWhatFollows() {
        assertThat(feed(ONE + DONE + TWO)).isEqualTo(ONE);
        assertThat(stream.done()).isTrue();
        assertThat(stream.complete()).isTrue();
    }

    @Test
    void anEventWithoutItsBlankLineIsCompleted() {
        assertThat(feed(ONE + FINISH.stripTrailing())).isEqualTo(ONE);
        assertThat(stream.end().toString()).isEqualTo(FINISH);
        assertThat(stream.complete()).isTrue();
    }

    @Test
    void doneWithoutItsBlankLineIsUnderstood() {
        feed("data: [DONE]");
        assertThat(stream.end().length()).isZero();
        assertThat(stream.done()).isTrue();
    }

    @Test
    void halfAnEventIsDropped() {
        feed(ONE + "data: {\"choices\":[{\"del");

        assertThat(stream.end().length()).isZero();
        assertThat(stream.complete()).isFalse();
    }

    /** It would not be passed on either, and the client would never learn why the answer ended. */
    @Test
    void ofAnEventThatIsCutOffNothingIsBelieved() {
        long written = stream.metered(PROMPT).usage().completionTokens();
        feed("data: {\"choices\":[{\"delta\":{\"content\":\"so\"},\"finish_reason\":\"stop\"}],\"id\":\"");

        assertThat(stream.end().length()).isZero();
        assertThat(stream.complete()).isFalse();
        assertThat(stream.metered(PROMPT).usage().completionTokens()).isEqualTo(written);
    }

    @Test
    void aStreamIsCompleteWhenItSaidWhyItEnded() {
        feed(ONE);
        assertThat(stream.complete()).isFalse();
        feed(FINISH);
        assertThat(stream.complete()).isTrue();
    }

    @Test
    void aStreamIsCompleteWithTheChunkThatHasNothingButUsage() {
        feed(ONE + USAGE);

        assertThat(stream.complete()).isTrue();
    }

    @Test
    void usageBesideTextDoesNotMakeItComplete() {
        feed(
                event(
                        "{\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}"));

        assertThat(stream.complete()).isFalse();
    }

    @Test
    void anEmptyReasonIsNone() {
        feed(FINISH.replace("stop", ""));

        assertThat(stream.complete()).isFalse();
    }

    @Test
    void aStreamOfSeveralChoicesIsCompleteWhenEachHasEnded() {
        String one = event("{\"choices\":[{\"finish_reason\":\"stop\",\"delta\":{},\"index\":1}]}");

        feed(ONE + event("{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"x\"}}]}") + one);
        assertThat(stream.complete()).isFalse();
        feed(FINISH);
        assertThat(stream.complete()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "99999999999999999999", "\"x\"", "[1]", "null"})
    void anOddIndexIsNoMatter(String index) {
        feed(event("{\"choices\":[{\"index\":" + index + ",\"delta\":{},\"finish_reason\":\"stop\"}]}"));

        assertThat(stream.complete()).isTrue();
    }

    @Test
    void aReportWithoutTextThatComesEarlyIsNotTheLastWord() {
        AnswerStream wanted = new AnswerStream(new ChatMeter("m", true, CompletionCount.WITH_REASONING));
        String early = event("{\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":0}}");

        feed(wanted, early + ONE);

        assertThat(wanted.complete()).isFalse();
        assertThat(ending(wanted))
                .contains("\"prompt_tokens\":7,\"completion_tokens\":" + written("One é中A"))
                .endsWith(DONE);
        assertThat(wanted.metered(PROMPT)).isEqualTo(new MeteredUsage(Usage.of(7, written("One é中A")), true));
    }

    // ---- usage ----

    @Test
    void usageIsHiddenFromWhoeverDidNotAskForIt() {
        assertThat(feed(ONE + FINISH + USAGE + DONE)).isEqualTo(ONE + FINISH);
        assertThat(ending(stream)).isEqualTo(DONE);
        assertThat(stream.metered(PROMPT).estimated()).isFalse();
    }

    @Test
    void usageIsShownToWhoeverAskedForIt() {
        AnswerStream wanted = new AnswerStream(new ChatMeter("m", true, CompletionCount.WITH_REASONING));

        assertThat(feed(wanted, ONE + FINISH + USAGE + DONE)).isEqualTo(ONE + FINISH + USAGE);
        assertThat(ending(wanted)).isEqualTo(DONE);
    }

    @Test
    void usageOnTheLastChunkOfTextPassesWithIt() {
        String last = event("{\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3},\"choices\":[{\"delta\":{},"
                + "\"finish_reason\":\"stop\"}]}");

        AnswerStream wanted = new AnswerStream(new ChatMeter("m", true, CompletionCount.WITH_REASONING));

        assertThat(feed(wanted, ONE + last + DONE)).isEqualTo(ONE + last);
        assertThat(ending(wanted)).isEqualTo(DONE);
        assertThat(wanted.metered(PROMPT)).isEqualTo(new MeteredUsage(Usage.of(7, 3), false));
    }

    @Test
    void theLastReportCounts() {
        feed(
                event(
                        "{\"choices\":[{\"delta\":{\"content\":\"a\"}}],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":1}}"));
        feed(
                event(
                        "{\"choices\":[{\"delta\":{\"content\":\"b\"}}],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}"));

        assertThat(stream.metered(PROMPT)).isEqualTo(new MeteredUsage(Usage.of(7, 2), false));
    }

    @Test
    void aReportBehindWhichMoreWasWrittenCountsForThePromptOnly() {
        feed(event(
                "{\"choices\":[{\"delta\":{\"role\":\"assistant\"}}],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":0,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":4}}}"));
        feed(ONE + TWO);

        assertThat(stream.metered(PROMPT))
                .isEqualTo(new MeteredUsage(Usage.of(7, written("One é中A two")).withCachedTokens(4), true));
    }

    @Test
    void reasoningThatIsInTheTotalOnlyCounts() {
        AnswerStream apart = new AnswerStream(new ChatMeter("m", false, CompletionCount.REASONING_IN_TOTAL));

        feed(
                apart,
                ONE + FINISH + USAGE.replace("\"completion_tokens\":3", "\"completion_tokens\":3,\"total_tokens\":30"));

        assertThat(apart.metered(PROMPT).usage().completionTokens()).isEqualTo(23);
    }

    @Test
    void withoutUsageTheTextIsEstimated() {
        feed(ONE + TWO + FINISH + DONE);

        assertThat(stream.metered(PROMPT)).isEqualTo(new MeteredUsage(Usage.of(PROMPT, written("One é中A two")), true));
    }

    @Test
    void anExplicitUsageOfZeroStaysZero() {
        feed(ONE + FINISH + event("{\"choices\":[],\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0}}"));

        assertThat(stream.metered(PROMPT)).isEqualTo(new MeteredUsage(Usage.of(0, 0), false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "{\"total_tokens\":5}", "[]", "7", "\"x\""})
    void aUsageThatSaysNothingIsNoUsage(String usage) {
        feed(ONE + event("{\"choices\":[],\"usage\":" + usage + "}"));

        assertThat(stream.metered(PROMPT).estimated()).isTrue();
    }

    @Test
    void reasoningToolsAndPartsAreCounted() {
        feed(
                event(
                        "{\"choices\":[{\"delta\":{\"reasoning_content\":\"think\",\"tool_calls\":[{\"index\":0,\"id\":\"x\","
                                + "\"function\":{\"name\":\"find\",\"arguments\":\"{}\"}},{\"function\":null},null,[1]],"
                                + "\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"hm\"}]}]}}]}"));
        feed(event(
                "{\"choices\":[{\"delta\":{\"function_call\":{\"name\":\"old\",\"arguments\":\"\"},\"tool_calls\":{\"a\":1}}},"
                        + "{\"delta\":[1]},7]}"));
        feed(TWO);

        long text = written("thinkfind{}hmold two");
        assertThat(stream.metered(PROMPT).usage().completionTokens()).isEqualTo(text + 7 * 4);
    }

    @Test
    void aChunkOfUsageOfOurOwnCountsTheWholePrompt() {
        Usage anthropic = Usage.of(10, 5).withCachedTokens(20).withSemantics(UsageSemantics.ANTHROPIC);

        assertThat(ChatMeter.usageChunk("chat.completion.chunk", new Ending("id\"1", "m", 7), anthropic)
                        .toString())
                .startsWith("data: {\"id\":\"id\\\"1\"")
                .contains("\"choices\":[]", "\"prompt_tokens\":30", "\"completion_tokens\":5", "\"total_tokens\":35")
                .endsWith("}\n\n");
    }

    // ---- errors ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"no\"}}",
                "{\"error\":\"no\"}",
                "{\"object\":\"error\",\"message\":\"no\"}",
                "{\"id\":\"x\",\"choices\":[{\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}],\"error\":{\"code\":502}}"
            })
    void anEventThatCarriesAnErrorIsKeptBack(String error) {
        assertThat(feed(ONE + event(error) + TWO + DONE)).isEqualTo(ONE);
        assertThat(stream.error()).isTrue();
        assertThat(new String(stream.errorEvent(), UTF_8)).startsWith(error);
        assertThat(stream.metered(PROMPT).usage().completionTokens()).isEqualTo(written("One é中A"));
    }

    @Test
    void anErrorIsNoContent() {
        assertThat(feed(": ping\n\n" + event("{\"error\":{\"message\":\"no\"}}")))
                .isEqualTo(": ping\n\n");
        assertThat(stream.any()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "{}", "false"})
    void anErrorThatIsEmptyIsNone(String error) {
        String text = event("{\"error\":" + error + ",\"choices\":[{\"delta\":{\"content\":\"x\"}}]}");

        assertThat(feed(text)).isEqualTo(text);
        assertThat(stream.error()).isFalse();
        assertThat(stream.metered(PROMPT).usage().completionTokens()).isEqualTo(written("x"));
    }

    @Test
    void anErrorThatIsNoEventAtAllIsFoundAtTheEnd() {
        feed("{\"error\":{\"message\":\"no\"}}");
        stream.end();

        assertThat(stream.error()).isTrue();
    }

    // ---- lines ----

    @Test
    void anEventMayHaveSeveralLinesOfData() {
        String text = "event: message\ndata: {\"choices\":[],\ndata:\"usage\":{\"prompt_tokens\":7,\ndata: "
                + "\"completion_tokens\":3}}\n\n";
        AnswerStream wanted = new AnswerStream(new ChatMeter("m", true, CompletionCount.WITH_REASONING));

        assertThat(feed(wanted, text)).isEqualTo(text);
        assertThat(wanted.metered(PROMPT).usage()).isEqualTo(Usage.of(7, 3));
    }

    @Test
    void dataNeedsNoSpaceAndOtherFieldsAreNoMatter() {
        feed("retry: 5\ndata:{\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\nid: 5\n\n");

        assertThat(stream.metered(PROMPT).usage().completionTokens()).isEqualTo(written("x"));
    }

    @Test
    void whatIsNoEventIsDropped() {
        assertThat(feed("<html>\n\nevent: x\nhttp://internal\n\n" + ONE + "plain text\n\n: ping\r\n\r\nretry: 5\n\n"))
                .isEqualTo(ONE + ": ping\r\n\r\nretry: 5\n\n");
    }

    @Test
    void whatIsNoEventIsDroppedHoweverLongItIs() {
        Buffer out = stream.feed(Buffer.buffer(ONE + "<html>" + "x".repeat(AnswerStream.MAX_HELD_BYTES)))
                .appendBuffer(stream.feed(Buffer.buffer("y".repeat(1000))))
                .appendBuffer(stream.feed(Buffer.buffer("z\n\n" + TWO)));

        assertThat(out.toString(UTF_8)).isEqualTo(ONE + TWO);
        assertThat(stream.metered(PROMPT).usage().completionTokens()).isEqualTo(written("One é中A two"));
    }

    @Test
    void commentsPassAndAreNoContent() {
        assertThat(feed(": ping\n\n")).isEqualTo(": ping\n\n");
        assertThat(stream.any()).isFalse();
    }
}
