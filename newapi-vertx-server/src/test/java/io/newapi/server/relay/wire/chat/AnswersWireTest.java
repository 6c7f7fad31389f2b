package io.newapi.server.relay.wire.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.newapi.core.pricing.Usage;
import io.newapi.core.pricing.UsageSemantics;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers in Anthropic's and Google's formats, whole and in pieces. */
class AnswersWireTest {

    private static final Codec MESSAGES = new MessagesCodec();
    private static final Codec GEMINI = GeminiCodec.events();
    private static final Spent SPENT = new Spent(Usage.of(10, 5), 0);

    private static Piece.Call call(int number) {
        return new Piece.Call(number, "c" + number, "weather", "");
    }

    @ParameterizedTest
    @CsvSource({
        "end_turn,STOP",
        "max_tokens,LENGTH",
        "model_context_window_exceeded,LENGTH",
        "stop_sequence,STOP_SEQUENCE",
        "tool_use,STOP",
        "pause_turn,PAUSED",
        "refusal,CONTENT_FILTER",
        "something_new,STOP",
    })
    void anAnswerOfAnthropicsIsOverForAReason(String said, FinishReason reason) {
        assertThat(MESSAGES.readReply(Golden.parsed("{\"content\":[],\"stop_reason\":\"" + said + "\"}"))
                        .finish())
                .isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "STOP,STOP",
        "MAX_TOKENS,LENGTH",
        "SAFETY,CONTENT_FILTER",
        "RECITATION,CONTENT_FILTER",
        "MALFORMED_FUNCTION_CALL,CONTENT_FILTER",
        "PROHIBITED_CONTENT,CONTENT_FILTER",
        "OTHER,CONTENT_FILTER",
    })
    void anAnswerOfGooglesIsOverForAReason(String said, FinishReason reason) {
        assertThat(GEMINI.readReply(Golden.parsed("{\"candidates\":[{\"finishReason\":\"" + said + "\"}]}"))
                        .finish())
                .isEqualTo(reason);
    }

    @Test
    void aBlockedPromptIsNoSuccess() {
        Reply reply = GEMINI.readReply(Golden.parsed(
                "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"},\"usageMetadata\":{\"promptTokenCount\":7}}"));

        assertThat(reply.finish()).isEqualTo(FinishReason.CONTENT_FILTER);
        assertThat(reply.parts()).isEmpty();
        assertThat(reply.spent()).isEqualTo(new Spent(Usage.of(7, 0), 0));
        assertThatThrownBy(() -> GEMINI.readReply(Golden.parsed("{}"))).isInstanceOf(Unreadable.class);
    }

    @Test
    void aCallThatEndsWithTheUsualReasonIsACall() {
        Part call = new Part.ToolCall("c", "weather", "{}", "", Part.CacheMark.NONE);
        Reply reply = new Reply("", "", List.of(call), FinishReason.STOP, "", null);

        assertThat(MESSAGES.writeReply(reply, Golden.FACTS).getString("stop_reason"))
                .isEqualTo("tool_use");
        assertThat(MESSAGES.writeReply(reply, Golden.FACTS)
                        .getJsonObject("usage")
                        .getLong("input_tokens"))
                .isEqualTo(33);
        assertThat(GEMINI.readReply(GEMINI.writeReply(reply, Golden.FACTS)).finish())
                .isEqualTo(FinishReason.TOOL_CALLS);
    }

    @Test
    void whatIsNotReportedIsNotZeroAndZeroIsReported() {
        assertThat(MESSAGES.readReply(Golden.parsed("{\"content\":[],\"usage\":{}}"))
                        .spent())
                .isNull();
        assertThat(MESSAGES.readReply(
                                Golden.parsed("{\"content\":[],\"usage\":{\"input_tokens\":0,\"output_tokens\":0}}"))
                        .spent())
                .isEqualTo(new Spent(Usage.of(0, 0).withSemantics(UsageSemantics.ANTHROPIC), 0));
        assertThat(GEMINI.readReply(Golden.parsed("{\"candidates\":[{}],\"usageMetadata\":{}}"))
                        .spent())
                .isNull();
        assertThat(GEMINI.readReply(Golden.parsed("{\"candidates\":[{}],\"usageMetadata\":{\"totalTokenCount\":0}}"))
                        .spent())
                .isEqualTo(new Spent(Usage.of(0, 0), 0));
    }

    @Test
    void aCounterBeyondAllReasonIsCut() {
        Reply reply = GEMINI.readReply(Golden.parsed("{\"candidates\":[{}],\"usageMetadata\":{"
                + "\"promptTokenCount\":9223372036854775807,\"toolUsePromptTokenCount\":9223372036854775807}}"));

        assertThat(reply.spent()).isEqualTo(new Spent(Usage.of(Usage.MAX_COUNT, 0), 0));
    }

    @Test
    void aStreamCutEarlyHasSaidWhatThePromptTook() {
        Codec.PieceReader reader = MESSAGES.pieceReader();

        List<Piece> pieces = new ArrayList<>(reader.event(
                "message_start",
                "{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}}"));
        pieces.addAll(reader.end());

        assertThat(pieces)
                .containsExactly(
                        new Piece.Begin("", ""),
                        new Piece.Count(new Spent(Usage.of(9, 1).withSemantics(UsageSemantics.ANTHROPIC), 0), false));
    }

    @Test
    void anErrorInTheMiddleIsAFailureAndItsTextIsNotForTheClient() {
        String event = "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"key sk-1\"}}";
        String google = "{\"error\":{\"code\":503,\"message\":\"key sk-1\"}}";

        assertThat(MESSAGES.pieceReader().event("error", event)).containsExactly(new Piece.Failure(event));
        assertThat(GEMINI.pieceReader().event("", google)).containsExactly(new Piece.Failure(google));
        assertThat(Golden.stream(MESSAGES, List.of(new Piece.Text("One"), new Piece.Failure(event))))
                .endsWith("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":"
                        + "\"the provider reported an error in the middle of its answer\"}}\n\n")
                .doesNotContain("sk-1", "message_stop");
        assertThat(Golden.stream(GEMINI, List.of(new Piece.Text("One"), new Piece.Failure(google))))
                .endsWith("\"status\":\"INTERNAL\"}}\n\n")
                .doesNotContain("sk-1", "finishReason");
    }

    @Test
    void argumentsOfParallelCallsAreToldOneCallAfterTheOther() {
        List<Piece> pieces = List.of(
                new Piece.Begin("m", "m"),
                call(0),
                call(1),
                new Piece.Arguments(0, "{\"a\""),
                new Piece.Arguments(1, "{\"b\":"),
                new Piece.Arguments(0, ":1}"),
                new Piece.Arguments(1, "2}"),
                call(2),
                new Piece.Text("Wait."),
                new Piece.End(FinishReason.TOOL_CALLS, ""));

        assertThat(withoutCounts(Golden.pieces(MESSAGES, Golden.stream(MESSAGES, pieces))))
                .containsExactly(
                        new Piece.Begin("m", "asked-for"),
                        call(0),
                        new Piece.Arguments(0, "{\"a\""),
                        new Piece.Arguments(0, ":1}"),
                        call(1),
                        new Piece.Arguments(1, "{\"b\":"),
                        new Piece.Arguments(1, "2}"),
                        call(2),
                        new Piece.Arguments(2, "{}"),
                        new Piece.Text("Wait."),
                        new Piece.End(FinishReason.TOOL_CALLS, ""));
        assertThat(withoutCounts(Golden.pieces(GEMINI, Golden.stream(GEMINI, pieces))))
                .containsExactly(
                        new Piece.Begin("m", "asked-for"),
                        call(0),
                        new Piece.Arguments(0, "{\"a\":1}"),
                        call(1),
                        new Piece.Arguments(1, "{\"b\":2}"),
                        new Piece.Text("Wait."),
                        call(2),
                        new Piece.Arguments(2, "{}"),
                        new Piece.End(FinishReason.TOOL_CALLS, ""));
    }

    private static List<Piece> withoutCounts(List<Piece> pieces) {
        return pieces.stream().filter(piece -> !(piece instanceof Piece.Count)).toList();
    }

    @Test
    void aCallThatWasCutOffIsNotRun() {
        List<Piece> cut = List.of(new Piece.Begin("m", "m"), call(0), new Piece.Arguments(0, "{\"a\":"));

        assertThat(Golden.stream(MESSAGES, cut)).contains("\"stop_reason\":\"max_tokens\"");
        assertThat(Golden.stream(GEMINI, cut))
                .contains("\"finishReason\":\"MAX_TOKENS\"")
                .doesNotContain("functionCall");
    }

    @Test
    void aStreamWithoutAnyPieceIsWholeAllTheSame() {
        assertThat(types(Golden.stream(MESSAGES, List.of())))
                .containsExactly("message_start", "message_delta", "message_stop");
        assertThat(Golden.pieces(GEMINI, Golden.stream(GEMINI, List.of())))
                .hasSize(3)
                .endsWith(new Piece.End(FinishReason.STOP, ""));
    }

    @Test
    void withoutEventsGooglesStreamIsOneArray() {
        Codec.PieceWriter writer = GeminiCodec.jsonArray().pieceWriter(Golden.FACTS);
        String stream = writer.write(new Piece.Begin("m", "")).toString()
                + writer.write(new Piece.Text("One"))
                + writer.write(new Piece.Text("Two"))
                + writer.write(new Piece.End(FinishReason.STOP, ""))
                + writer.finish(SPENT)
                + writer.finish(SPENT);

        assertThat(new JsonArray(stream)).hasSize(3);
        assertThat(stream).startsWith("[{").contains("},\r\n{").endsWith("}]");
        assertThat(GeminiCodec.jsonArray()
                        .pieceWriter(Golden.FACTS)
                        .finish(SPENT)
                        .toString())
                .startsWith("[{")
                .endsWith("}]");
    }

    /** Anthropic's clients fail at a block that is not begun, not stopped, or has another's index. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverTheOrderOfPiecesBlocksAreBegunAndStopped(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            List<Piece> pieces = new ArrayList<>();
            if (random.nextBoolean()) {
                pieces.add(new Piece.Begin("m", "m"));
            }
            int calls = 0;
            for (int i = random.nextInt(12); i > 0; i--) {
                pieces.add(
                        switch (random.nextInt(8)) {
                            case 0 -> new Piece.Text("t" + i);
                            case 1 -> new Piece.Thought("h" + i);
                            case 2 -> new Piece.ThoughtSignature("s" + i);
                            case 3 -> new Piece.HiddenThought("d" + i);
                            case 4 -> new Piece.Count(SPENT, false);
                            case 5, 6 ->
                                new Piece.Arguments(
                                        random.nextInt(3),
                                        List.of("{", "{\"a\":", "1}", "}").get(random.nextInt(4)));
                            default -> new Piece.Call(calls, "c" + calls++, "f", random.nextBoolean() ? "" : "sig");
                        });
            }
            if (random.nextBoolean()) {
                pieces.add(new Piece.End(FinishReason.STOP, ""));
            }

            assertWellFormed(Golden.stream(MESSAGES, pieces));
            Golden.pieces(GEMINI, Golden.stream(GEMINI, pieces));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "messages/stream-tools.txt",
                "messages/stream-text.txt",
                "gemini/stream-tools.txt",
                "gemini/stream-picture.txt",
                "gemini/stream-blocked.txt"
            })
    void whereverAStreamIsCutTheClientsIsWhole(String name) {
        List<Piece> pieces = Golden.pieces(name.startsWith("messages/") ? MESSAGES : GEMINI, Golden.text(name));
        for (int i = 0; i < pieces.size(); i++) {
            List<Piece> cut = pieces.subList(0, i);

            assertWellFormed(Golden.stream(MESSAGES, cut));
            assertThat(Golden.pieces(GEMINI, Golden.stream(GEMINI, cut))).hasAtLeastOneElementOfType(Piece.End.class);
        }
    }

    private static void assertWellFormed(String stream) {
        int open = -1;
        int next = 0;
        List<String> types = types(stream);
        assertThat(types.get(0)).isEqualTo("message_start");
        assertThat(types.subList(types.size() - 2, types.size())).containsExactly("message_delta", "message_stop");
        for (String event : Golden.events(stream)) {
            JsonObject data = Golden.parsed(event.substring(event.indexOf("data: ") + 6));
            switch (data.getString("type")) {
                case "content_block_start" -> {
                    assertThat(open).as(stream).isEqualTo(-1);
                    open = next++;
                    assertThat(data.getInteger("index")).isEqualTo(open);
                }
                case "content_block_delta" ->
                    assertThat(data.getInteger("index")).as(stream).isEqualTo(open);
                case "content_block_stop" -> {
                    assertThat(data.getInteger("index")).as(stream).isEqualTo(open);
                    open = -1;
                }
                case "message_delta" -> {
                    assertThat(open).isEqualTo(-1);
                    assertThat(data.getJsonObject("delta").getString("stop_reason"))
                            .isNotEmpty();
                    assertThat(data.getJsonObject("usage").getLong("output_tokens"))
                            .isNotNull();
                }
                default -> assertThat(open).isEqualTo(-1);
            }
        }
    }

    private static List<String> types(String stream) {
        return stream.lines()
                .filter(line -> line.startsWith("event: "))
                .map(line -> line.substring(7))
                .toList();
    }

    @Test
    void theFirstEventWaitsForTheCountOfThePrompt() {
        Codec.PieceWriter writer = MESSAGES.pieceWriter(Golden.FACTS);

        Buffer first = writer.write(new Piece.Begin("m", "m"));
        Buffer second = writer.write(new Piece.Count(SPENT, false));

        assertThat(first.length()).isZero();
        assertThat(second.toString()).startsWith("event: message_start").contains("\"input_tokens\":10");
    }

    @Test
    void idsOfCallsWithoutOneAreTheAnswersOwn() {
        String one = "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\"}},"
                + "{\"functionCall\":{\"name\":\"f\"}}]}}],\"responseId\":\"r1\"}";

        assertThat(GEMINI.readReply(Golden.parsed(one)).parts())
                .extracting(part -> ((Part.ToolCall) part).id())
                .containsExactly("call_r1_0", "call_r1_1");
        assertThat(GEMINI.pieceReader().event("", one))
                .contains(new Piece.Call(0, "call_r1_0", "f", ""), new Piece.Call(1, "call_r1_1", "f", ""));
    }
}
