package io.newapi.server.relay.wire.chat;

import static io.newapi.server.relay.wire.chat.OpenAiFixtures.FACTS;
import static io.newapi.server.relay.wire.chat.OpenAiFixtures.NOTHING;
import static io.newapi.server.relay.wire.chat.OpenAiFixtures.pieces;
import static io.newapi.server.relay.wire.chat.OpenAiFixtures.stream;
import static io.newapi.server.relay.wire.chat.OpenAiFixtures.text;
import static io.newapi.server.relay.wire.chat.OpenAiFixtures.words;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.newapi.core.pricing.Usage;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streamed answers in OpenAI's two formats. */
class OpenAiStreamsTest {

    private final Codec chat = new ChatCodec();
    private final Codec responses = new ResponsesCodec();

    private List<Piece> chatPieces(String name) {
        return pieces(chat, text("chat/" + name + ".sse"));
    }

    private List<Piece> responsesPieces(String name) {
        return pieces(responses, text("responses/" + name + ".sse"));
    }

    private static List<Piece> withoutCounts(List<Piece> pieces) {
        return pieces.stream().filter(piece -> !(piece instanceof Piece.Count)).toList();
    }

    /** Neighbours of one kind as one, since formats cut texts differently. */
    private static List<Piece> merged(List<Piece> pieces) {
        List<Piece> merged = new ArrayList<>();
        for (Piece piece : withoutCounts(pieces)) {
            Piece last = merged.isEmpty() ? new Piece.Begin("", "") : merged.get(merged.size() - 1);
            if (piece instanceof Piece.Thought more && last instanceof Piece.Thought thought) {
                merged.set(merged.size() - 1, new Piece.Thought(thought.text() + more.text()));
            } else {
                merged.add(piece);
            }
        }
        return merged;
    }

    // ---- chat, reading ----

    @Test
    void callsThatRunBesideEachOtherAreToldApart() {
        assertThat(chatPieces("parallel-calls"))
                .containsExactly(
                        new Piece.Begin("chatcmpl-1", "m"),
                        new Piece.Text("Looking."),
                        new Piece.Call(0, "call_a", "weather", ""),
                        new Piece.Arguments(0, "{\"city\":"),
                        new Piece.Call(1, "call_b", "weather", ""),
                        new Piece.Arguments(1, "{\"city\":"),
                        new Piece.Arguments(0, "\"Paris\"}"),
                        new Piece.Arguments(1, "\"Oslo\"}"),
                        new Piece.Count(new Spent(Usage.of(30, 20), 0), true),
                        new Piece.End(FinishReason.TOOL_CALLS, ""));
    }

    @Test
    void callsMayAllHaveOneNumber() {
        assertThat(chatPieces("same-index"))
                .containsExactly(
                        new Piece.Begin("chatcmpl-1", "m"),
                        new Piece.Call(0, "a", "f", ""),
                        new Piece.Arguments(0, "{\"x\":1}"),
                        new Piece.Call(1, "b", "g", ""),
                        new Piece.Arguments(1, "{\"y\":2}"),
                        new Piece.Call(2, "c", "h", ""),
                        new Piece.Arguments(2, "{\"z\":"),
                        new Piece.Arguments(2, "3}"),
                        new Piece.End(FinishReason.TOOL_CALLS, ""));
    }

    @Test
    void callsMayHaveNoNumber() {
        assertThat(chatPieces("no-index"))
                .containsExactly(
                        new Piece.Begin("chatcmpl-1", "m"),
                        new Piece.Call(0, "a", "f", ""),
                        new Piece.Arguments(0, "{\"x\":"),
                        new Piece.Arguments(0, "1}"),
                        new Piece.Call(1, "b", "g", ""),
                        new Piece.Arguments(1, "{}"),
                        new Piece.End(FinishReason.TOOL_CALLS, ""));
    }

    @Test
    void callsMayHaveNoIdAndBeNamedLate() {
        assertThat(chatPieces("no-ids"))
                .containsExactly(
                        new Piece.Begin("chatcmpl-1", "m"),
                        new Piece.Call(0, "call_chatcmpl-1_0", "f", ""),
                        new Piece.Arguments(0, "{\"x\":1}"),
                        new Piece.Call(1, "call_chatcmpl-1_1", "g", ""),
                        new Piece.Arguments(1, "{\"y\":2}"),
                        new Piece.End(FinishReason.TOOL_CALLS, ""));
    }

    @Test
    void wordsBesideTheReasonForTheEndAreNotLost() {
        assertThat(chatPieces("text-with-finish"))
                .containsExactly(
                        new Piece.Begin("chatcmpl-1", "m"),
                        new Piece.Text("All"),
                        new Piece.Count(new Spent(Usage.of(5, 1), 0), false),
                        new Piece.Text(" at once"),
                        new Piece.Count(new Spent(Usage.of(5, 3), 0), true),
                        new Piece.End(FinishReason.LENGTH, ""));
    }

    @Test
    void anEventWithoutChoicesIsNoBeginning() {
        assertThat(chatPieces("azure"))
                .containsExactly(
                        new Piece.Begin("chatcmpl-1", "m"),
                        new Piece.Text("Hi"),
                        new Piece.End(FinishReason.CONTENT_FILTER, ""));
    }

    @Test
    void aWholeMessageMayComeInPlaceOfPieces() {
        assertThat(chatPieces("whole-message"))
                .containsExactly(
                        new Piece.Begin("chatcmpl-1", "m"),
                        new Piece.Thought("hm"),
                        new Piece.Text("Hi"),
                        new Piece.Count(new Spent(Usage.of(4, 2), 0), true),
                        new Piece.End(FinishReason.STOP, ""));
    }

    @Test
    void thoughtsAreToldOnceWithTheirSignatures() {
        assertThat(withoutCounts(chatPieces("openrouter")))
                .containsExactly(
                        new Piece.Begin("chatcmpl-1", "m"),
                        new Piece.Thought("Look"),
                        new Piece.Thought(" twice"),
                        new Piece.ThoughtSignature("sig-1"),
                        new Piece.HiddenThought("hidden"),
                        new Piece.Thought("Then"),
                        new Piece.ThoughtSignature("sig-2"),
                        new Piece.Text("Done."),
                        new Piece.Call(0, "call_g", "f", "sig-g"),
                        new Piece.Arguments(0, "{\"a\":1}"),
                        new Piece.End(FinishReason.TOOL_CALLS, ""));
    }

    @Test
    void anErrorInTheMiddleIsAFailureAndNoEnd() {
        List<Piece> pieces = chatPieces("error");

        assertThat(pieces).hasSize(3);
        assertThat(pieces.get(2))
                .isInstanceOfSatisfying(
                        Piece.Failure.class,
                        failure -> assertThat(failure.event()).contains("overloaded"));
    }

    @Test
    void anEventThatIsNoJsonDoesNotHinderTheNext() {
        Codec.PieceReader reader = chat.pieceReader();

        assertThatThrownBy(() -> reader.event("", "{\"choices\":[")).isInstanceOf(Unreadable.class);
        assertThat(reader.event("", "{\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}"))
                .containsExactly(new Piece.Begin("", ""), new Piece.Text("Hi"));
        assertThat(reader.end()).isEmpty();
    }

    // ---- chat, writing ----

    @ParameterizedTest
    @ValueSource(strings = {"openai", "parallel-calls", "openrouter", "no-ids"})
    void aStreamInChatIsWrittenEventByEvent(String name) {
        assertThat(stream(chat, chatPieces(name), FACTS)).isEqualTo(text("chat/" + name + ".written.sse"));
    }

    @Test
    void usageIsOnlyWrittenWhereItIsWanted() {
        Codec.ReplyFacts unwanted = new Codec.ReplyFacts("x", "m", 1, 1, false);

        assertThat(stream(chat, chatPieces("openai"), unwanted))
                .doesNotContain("usage")
                .endsWith("data: [DONE]\n\n");
    }

    @Test
    void aCallWithoutArgumentsGetsAnEmptyObject() {
        List<Piece> pieces = List.of(
                new Piece.Begin("", "m"), new Piece.Call(3, "a", "f", ""), new Piece.End(FinishReason.TOOL_CALLS, ""));

        assertThat(pieces(chat, stream(chat, pieces, FACTS)))
                .contains(new Piece.Call(0, "a", "f", ""), new Piece.Arguments(0, "{}"));
        assertThat(pieces(responses, stream(responses, pieces, FACTS)))
                .contains(new Piece.Call(0, "a", "f", ""), new Piece.Arguments(0, "{}"));
    }

    @Test
    void aStreamThatSaidNothingStillEndsInForm() {
        assertThat(pieces(chat, stream(chat, List.of(), FACTS)))
                .containsExactly(
                        new Piece.Begin("made-up", "m"),
                        new Piece.Count(NOTHING, true),
                        new Piece.End(FinishReason.STOP, ""));
        assertThat(pieces(responses, stream(responses, List.of(), FACTS)))
                .containsExactly(
                        new Piece.Begin("made-up", "m"),
                        new Piece.Count(NOTHING, true),
                        new Piece.End(FinishReason.STOP, ""));
    }

    @Test
    void aFailureIsNotForClients() {
        Piece failure = new Piece.Failure("{\"error\":\"sk-secret\"}");

        assertThat(chat.pieceWriter(FACTS).write(failure).length()).isZero();
        assertThat(responses.pieceWriter(FACTS).write(failure).length()).isZero();
    }

    @Test
    void picturesAreSaidInMarkdownInChatAndAsItemsInResponses() {
        List<Piece> pieces = List.of(
                new Piece.Begin("resp_1", "m"),
                new Piece.Picture(new Media.Inline("image/png", "AAAA")),
                new Piece.Text("There."),
                new Piece.End(FinishReason.STOP, ""));

        assertThat(words(pieces(chat, stream(chat, pieces, FACTS))))
                .isEqualTo("![image](data:image/png;base64,AAAA)There.");
        assertThat(withoutCounts(pieces(responses, stream(responses, pieces, FACTS))))
                .isEqualTo(pieces);
    }

    // ---- responses ----

    @Test
    void aStreamedResponseIsRead() {
        assertThat(responsesPieces("openai"))
                .containsExactly(
                        new Piece.Begin("resp_1", "m"),
                        new Piece.Thought("First."),
                        new Piece.Thought("\n\n"),
                        new Piece.Thought("Second."),
                        new Piece.ThoughtSignature("gAAAA"),
                        new Piece.Text("Hello"),
                        new Piece.Text(" there."),
                        new Piece.Call(0, "call_a", "weather", ""),
                        new Piece.Arguments(0, "{\"city\":"),
                        new Piece.Arguments(0, "\"Paris\"}"),
                        new Piece.Call(1, "call_b", "weather", ""),
                        new Piece.Arguments(1, "{\"city\":\"Oslo\"}"),
                        new Piece.Count(new Spent(Usage.of(40, 30).withCachedTokens(16), 12), true),
                        new Piece.End(FinishReason.TOOL_CALLS, ""));
    }

    @Test
    void whatWasNotToldInPiecesIsTakenFromTheLastEvent() {
        assertThat(withoutCounts(responsesPieces("only-completed")))
                .containsExactly(
                        new Piece.Begin("resp_1", "m"),
                        new Piece.Thought("First.\n\nSecond."),
                        new Piece.ThoughtSignature("gAAAA"),
                        new Piece.Text("Hello there."),
                        new Piece.Call(0, "call_a", "weather", ""),
                        new Piece.Arguments(0, "{\"city\":\"Paris\"}"),
                        new Piece.End(FinishReason.TOOL_CALLS, ""));
    }

    @Test
    void whatIsMissingIsTakenFromWhatIsDone() {
        assertThat(withoutCounts(responsesPieces("only-done")))
                .containsExactly(
                        new Piece.Begin("resp_1", "m"),
                        new Piece.Thought("Raw."),
                        new Piece.Text("Hello"),
                        new Piece.Text(" there."),
                        new Piece.Call(0, "call_a", "weather", ""),
                        new Piece.Arguments(0, "{\"city\":\"Paris\"}"),
                        new Piece.Picture(new Media.Inline("image/png", "AAAA")),
                        new Piece.End(FinishReason.TOOL_CALLS, ""));
    }

    @Test
    void aFailedResponseIsAFailureWithWhatItTook() {
        List<Piece> pieces = responsesPieces("failed");

        assertThat(pieces).hasSize(4);
        assertThat(pieces.get(2)).isInstanceOf(Piece.Count.class);
        assertThat(pieces.get(3)).isInstanceOf(Piece.Failure.class);
        assertThat(responses.pieceReader().event("error", "{\"type\":\"error\",\"code\":null,\"message\":\"x\"}"))
                .hasOnlyElementsOfType(Piece.Failure.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "refusal"})
    void aStreamedResponseIsWrittenEventByEvent(String name) {
        assertThat(stream(responses, responsesPieces(name), FACTS))
                .isEqualTo(text("responses/" + name + ".written.sse"));
    }

    @Test
    void theLastEventHasTheWholeResponse() {
        List<Piece> pieces = responsesPieces("openai");
        JsonObject response = OpenAiFixtures.lastResponse(stream(responses, pieces, FACTS));

        Reply reply = responses.readReply(response);
        assertThat(reply.parts())
                .containsExactly(
                        new Part.Thought("First.\n\nSecond.", "gAAAA"),
                        Part.Text.of("Hello there."),
                        new Part.ToolCall("call_a", "weather", "{\"city\":\"Paris\"}", "", Part.CacheMark.NONE),
                        new Part.ToolCall("call_b", "weather", "{\"city\":\"Oslo\"}", "", Part.CacheMark.NONE));
        assertThat(reply.spent()).isEqualTo(new Spent(Usage.of(40, 30).withCachedTokens(16), 12));
    }

    @Test
    void eventsOfAResponseAreNumberedWithoutAGap() {
        long expected = 0;
        for (String event : OpenAiFixtures.events(stream(responses, chatPieces("openrouter"), FACTS))) {
            JsonObject data = OpenAiFixtures.data(event);
            assertThat(event).startsWith("event: " + data.getString("type") + "\n");
            assertThat(data.getLong("sequence_number")).isEqualTo(expected++);
        }
        assertThat(expected).isGreaterThan(20);
    }

    // ---- both ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "openai",
                "parallel-calls",
                "deepseek",
                "openrouter",
                "refusal",
                "same-index",
                "no-index",
                "no-ids",
                "text-with-finish",
                "azure",
                "whole-message"
            })
    void everyChatStreamSaysTheSameWhenItIsWrittenInEitherFormat(String name) {
        List<Piece> pieces = chatPieces(name);

        assertThat(withoutCounts(pieces(chat, stream(chat, pieces, FACTS)))).isEqualTo(withoutCounts(pieces));
        assertThat(merged(pieces(responses, stream(responses, pieces, FACTS)))).isEqualTo(merged(pieces));
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "refusal", "only-completed"})
    void everyResponsesStreamSaysTheSameWhenItIsWrittenInEitherFormat(String name) {
        List<Piece> pieces = responsesPieces(name);

        assertThat(pieces(responses, stream(responses, pieces, FACTS))).isEqualTo(pieces);
        assertThat(withoutCounts(pieces(chat, stream(chat, pieces, FACTS)))).isEqualTo(withoutCounts(pieces));
    }

    @ParameterizedTest
    @CsvSource({"openai, 'Hello, été 🌍.'", "parallel-calls, Looking.", "text-with-finish, All at once"})
    void theWordsOfAStreamAreThoseOfTheWholeAnswer(String name, String expected) {
        List<Piece> pieces = chatPieces(name);

        assertThat(words(pieces)).isEqualTo(expected);
        JsonObject response = OpenAiFixtures.lastResponse(stream(responses, pieces, FACTS));
        assertThat(responses.readReply(response).parts()).contains(Part.Text.of(expected));
    }

    @Test
    void whateverStandsInAnEventItIsReadOrComplainedAbout() {
        for (String stream : List.of(text("chat/openrouter.sse"), text("responses/openai.sse"))) {
            Codec codec = stream.startsWith("event") ? responses : chat;
            for (String event : OpenAiFixtures.events(stream)) {
                String data = event.substring(event.indexOf("data: ") + "data: ".length());
                for (String value : List.of("null", "1", "true", "\"x\"", "[]", "[1]", "[{}]", "{}")) {
                    for (int at = data.indexOf(':'); at >= 0; at = data.indexOf(':', at + 1)) {
                        tryEvent(codec, replaced(data, at, value));
                    }
                }
            }
        }
    }

    /** The data with the simple value behind this colon replaced; may be no JSON at all. */
    private static String replaced(String data, int colon, String value) {
        int end = colon + 1;
        while (end < data.length() && ",}".indexOf(data.charAt(end)) < 0) {
            end++;
        }
        return data.substring(0, colon + 1) + value + data.substring(end);
    }

    private static void tryEvent(Codec codec, String data) {
        try {
            codec.pieceReader().event("", data);
        } catch (Unreadable e) {
            assertThat(e.reason()).isNotEmpty();
        }
    }

    @Test
    void eventsAreCutWhereEventsEnd() {
        for (Codec codec : List.of(chat, responses)) {
            Codec.PieceWriter writer = codec.pieceWriter(FACTS);
            for (Piece piece : chatPieces("openrouter")) {
                String written = writer.write(piece).toString(UTF_8);
                assertThat(written.isEmpty() || written.endsWith("\n\n")).isTrue();
            }
        }
    }
}
