package io.newapi.server.relay.wire.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.pricing.Usage;
import io.newapi.server.relay.wire.JsonTree;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Requests, answers and streams as they stand on the wire, in files. With {@code -Dnewapi.golden=write} what a test expects is
 * written to its file instead of compared, to be read by whoever changed it.
 */
final class Golden {

    static final Codec.WriteTerms TERMS = new Codec.WriteTerms(8192, Map.of());
    static final Codec.ReplyFacts FACTS = new Codec.ReplyFacts("r-1", "asked-for", 1_700_000_000, 33, true);

    private static final Path SOURCES = Path.of("src/test/resources/io/newapi/server/relay/wire/chat");

    private Golden() {}

    static String text(String name) {
        try (InputStream file = Golden.class.getResourceAsStream(name)) {
            assertThat(file).as(name).isNotNull();
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonObject json(String name) {
        return parsed(text(name));
    }

    static JsonObject parsed(String json) {
        try {
            return JsonTree.read(json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(json, e);
        }
    }

    /** As it would be read on the other side. */
    static JsonObject sent(JsonObject written) {
        return parsed(new String(JsonTree.write(written), StandardCharsets.UTF_8));
    }

    static void assertIs(JsonObject actual, String name) {
        if (isWriting()) {
            write(name, sent(actual).encodePrettily() + "\n");
        } else {
            assertThat(sent(actual)).isEqualTo(json(name));
        }
    }

    static void assertIs(String actual, String name) {
        if (isWriting()) {
            write(name, actual);
        } else {
            assertThat(actual).isEqualTo(text(name));
        }
    }

    private static boolean isWriting() {
        return "write".equals(System.getProperty("newapi.golden"));
    }

    private static void write(String name, String content) {
        try {
            Files.writeString(SOURCES.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The events of a stream. */
    static List<String> events(String stream) {
        return Stream.of(stream.split("\n\n", -1))
                .filter(event -> !event.isBlank())
                .toList();
    }

    /** The pieces of a stream of events. */
    static List<Piece> pieces(Codec codec, String stream) {
        Codec.PieceReader reader = codec.pieceReader();
        List<Piece> pieces = new ArrayList<>();
        for (String event : events(stream)) {
            String name = "";
            String data = "";
            for (String line : event.lines().toList()) {
                name = line.startsWith("event: ") ? line.substring(7) : name;
                data = line.startsWith("data: ") ? line.substring(6) : data;
            }
            pieces.addAll(reader.event(name, data));
        }
        pieces.addAll(reader.end());
        return pieces;
    }

    /** The stream that says these pieces, and in the end what the last of them counts. */
    static String stream(Codec codec, List<Piece> pieces) {
        Codec.PieceWriter writer = codec.pieceWriter(FACTS);
        Buffer stream = Buffer.buffer();
        pieces.forEach(piece -> stream.appendBuffer(writer.write(piece)));
        return stream.appendBuffer(writer.finish(spent(pieces))).toString();
    }

    static Spent spent(List<Piece> pieces) {
        return pieces.stream()
                .filter(piece -> piece instanceof Piece.Count)
                .map(piece -> ((Piece.Count) piece).spent())
                .reduce((first, second) -> second)
                .orElse(new Spent(Usage.of(33, 7), 0));
    }

    /** A request of one user's words. */
    static Conversation asking(String model, Turn... turns) {
        return new Conversation(
                model,
                false,
                List.of(),
                List.of(turns),
                List.of(),
                ToolChoice.UNSAID,
                Sampling.UNSAID,
                Thinking.UNSAID,
                AnswerForm.TEXT,
                "",
                List.of());
    }

    static Turn user(Part... parts) {
        return new Turn(Turn.Role.USER, List.of(parts));
    }

    static Turn model(Part... parts) {
        return new Turn(Turn.Role.ASSISTANT, List.of(parts));
    }
}
