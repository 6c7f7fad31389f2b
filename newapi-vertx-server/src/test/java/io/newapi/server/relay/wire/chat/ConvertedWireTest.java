package io.newapi.server.relay.wire.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests, answers and streams in Anthropic's and Google's formats, each said in the other. */
class ConvertedWireTest {

    private static final Codec MESSAGES = new MessagesCodec();
    private static final Codec GEMINI = GeminiCodec.events();

    private static Codec codec(String name) {
        return name.startsWith("messages/") ? MESSAGES : GEMINI;
    }

    private static Conversation read(String name) {
        return codec(name).read(Golden.json(name), name.startsWith("gemini/") ? "gemini-3-flash-preview" : "", false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "messages/request-tools",
                "messages/request-sampling",
                "messages/request-schema",
                "gemini/request-tools",
                "gemini/request-sounds"
            })
    void aRequestReadAndWrittenInItsOwnFormatIsTheSame(String name) {
        Conversation asked = read(name + ".json");

        Codec.Written written = codec(name).write(asked, Golden.TERMS);

        Golden.assertIs(written.body(), name + ".json");
        assertThat(written.lost()).isEmpty();
        assertThat(asked.unheld()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "messages/request-tools.json,gemini-3-flash-preview,gemini/request-tools.of-messages.json",
        "messages/request-schema.json,gemini-2.5-pro,gemini/request-schema.of-messages.json",
        "gemini/request-tools.json,claude-opus-4-8,messages/request-tools.of-gemini.json",
        "gemini/request-snake.json,claude-sonnet-4-5,messages/request-snake.of-gemini.json",
        "gemini/request-snake.json,gemini-2.5-flash,gemini/request-snake.clean.json",
    })
    void aRequestIsSaidInTheOtherFormat(String given, String model, String expected) {
        Codec.Written written = codec(expected).write(read(given).withModel(model), Golden.TERMS);

        Golden.assertIs(written.body(), expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"messages/reply-tools", "messages/reply-stopped", "gemini/reply-tools"})
    void anAnswerReadAndWrittenInItsOwnFormatIsTheSame(String name) {
        Reply reply = codec(name).readReply(Golden.json(name + ".json"));

        Golden.assertIs(
                codec(name).writeReply(reply, new Codec.ReplyFacts("r-1", reply.model(), 0, 0, false)), name + ".json");
    }

    @ParameterizedTest
    @CsvSource({
        "messages/reply-tools.json,gemini/reply-tools.of-messages.json",
        "messages/reply-stopped.json,gemini/reply-stopped.of-messages.json",
        "gemini/reply-tools.json,messages/reply-tools.of-gemini.json",
    })
    void anAnswerIsSaidInTheOtherFormat(String given, String expected) {
        Reply reply = codec(given).readReply(Golden.json(given));

        Golden.assertIs(codec(expected).writeReply(reply, Golden.FACTS), expected);
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
    void aStreamReadWrittenAndReadAgainSaysTheSame(String name) {
        List<Piece> pieces = Golden.pieces(codec(name), Golden.text(name));

        List<Piece> again = Golden.pieces(codec(name), Golden.stream(codec(name), named(pieces)));

        // providers count several times; we do at the end, and at the beginning where the format can
        assertThat(withoutEarlyCounts(again)).isEqualTo(withoutEarlyCounts(named(pieces)));
    }

    private static List<Piece> withoutEarlyCounts(List<Piece> pieces) {
        return pieces.stream()
                .filter(piece -> !(piece instanceof Piece.Count count) || count.last())
                .toList();
    }

    /** The client is told the name that it asked for. */
    private static List<Piece> named(List<Piece> pieces) {
        return pieces.stream()
                .map(piece ->
                        piece instanceof Piece.Begin begin ? new Piece.Begin(begin.id(), Golden.FACTS.model()) : piece)
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "messages/stream-tools.txt,gemini/stream-tools.of-messages.txt",
        "messages/stream-text.txt,gemini/stream-text.of-messages.txt",
        "messages/stream-tools.txt,messages/stream-tools.clean.txt",
        "gemini/stream-tools.txt,messages/stream-tools.of-gemini.txt",
        "gemini/stream-picture.txt,messages/stream-picture.of-gemini.txt",
        "gemini/stream-blocked.txt,messages/stream-blocked.of-gemini.txt",
    })
    void aStreamIsSaidInTheOtherFormat(String given, String expected) {
        List<Piece> pieces = Golden.pieces(codec(given), Golden.text(given));

        Golden.assertIs(Golden.stream(codec(expected), pieces), expected);
    }

    @Test
    void whatBothCanSayComesBackFromTheOtherFormat() {
        Conversation asked = read("gemini/request-tools.json").withModel("claude-3-5-haiku");

        Conversation back = MESSAGES.read(MESSAGES.write(asked, Golden.TERMS).body(), "", false);
        Conversation again = GEMINI.read(
                GEMINI.write(back.withModel("gemini-3-flash"), Golden.TERMS).body(), "gemini-3-flash", false);

        assertThat(back.instructions()).isEqualTo(asked.instructions());
        assertThat(back.tools()).hasSameSizeAs(asked.tools());
        assertThat(back.toolChoice()).isEqualTo(asked.toolChoice());
        assertThat(again.turns())
                .isEqualTo(back.turns().stream().map(ConvertedWireTest::named).toList());
        assertThat(again.sampling().stop()).isEqualTo(asked.sampling().stop());
    }

    /** Anthropic's results do not repeat the tool's name, and its addresses no type. */
    private static Turn named(Turn turn) {
        return new Turn(
                turn.role(),
                turn.parts().stream()
                        .map(part -> part instanceof Part.ToolResult result
                                ? new Part.ToolResult(
                                        result.callId(), "weather", result.content(), result.failed(), result.cache())
                                : part instanceof Part.Image image && image.media() instanceof Media.Remote remote
                                        ? (Part) new Part.Image(
                                                new Media.Remote(remote.url(), "image/webp"), "", image.cache())
                                        : part)
                        .toList());
    }
}
