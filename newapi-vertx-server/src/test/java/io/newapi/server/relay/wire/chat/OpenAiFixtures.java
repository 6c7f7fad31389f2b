package io.newapi.server.relay.wire.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.newapi.core.pricing.Usage;
import io.newapi.server.relay.wire.JsonTree;
import io.newapi.server.relay.wire.chat.Codec.ReplyFacts;
import io.newapi.server.relay.wire.chat.Codec.WriteTerms;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The recorded requests, answers and streams of OpenAI's formats. */
final class OpenAiFixtures {

    static final WriteTerms TERMS = new WriteTerms(8192, Map.of());
    static final ReplyFacts FACTS = new ReplyFacts("made-up", "m", 1_700_000_000, 10, true);
    static final Spent NOTHING = new Spent(Usage.of(0, 0), 0);

    private OpenAiFixtures() {}

    static String text(String name) {
        try (InputStream in = OpenAiFixtures.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new AssertionError("no fixture " + name);
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonObject json(String name) {
        return parse(text(name));
    }

    static JsonObject parse(String json) {
        try {
            return JsonTree.read(json.getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(json, e);
        }
    }

    /** One value to a line, whatever the order of fields: what differs can be seen. */
    static String pretty(JsonObject object) {
        return lines("", object).stream().sorted().collect(Collectors.joining("\n"));
    }

    private static List<String> lines(String path, Object value) {
        List<String> lines = new ArrayList<>();
        if (value instanceof JsonObject object) {
            for (String name : object.fieldNames()) {
                lines.addAll(lines(path + "." + name, object.getValue(name)));
            }
            if (object.isEmpty()) {
                lines.add(path + " {}");
            }
        } else if (value instanceof JsonArray array) {
            for (int i = 0; i < array.size(); i++) {
                lines.addAll(lines(path + "[" + i + "]", array.getValue(i)));
            }
            if (array.isEmpty()) {
                lines.add(path + " []");
            }
        } else {
            lines.add(path + " = " + (value instanceof String ? "'" + value + "'" : value));
        }
        return lines;
    }

    /** The events of a stream, each without the empty line behind it. */
    static List<String> events(String stream) {
        return Arrays.stream(stream.split("\n\n", -1))
                .filter(event -> !event.isEmpty())
                .toList();
    }

    /** What stands in an event. */
    static JsonObject data(String event) {
        return parse(event.substring(event.indexOf('{')));
    }

    /** The response that stands in the last event of a stream of one. */
    static JsonObject lastResponse(String stream) {
        List<String> events = events(stream);
        return data(events.get(events.size() - 1)).getJsonObject("response");
    }

    /** What a recorded stream says. */
    static List<Piece> pieces(Codec codec, String stream) {
        Codec.PieceReader reader = codec.pieceReader();
        List<Piece> pieces = new ArrayList<>();
        for (String event : events(stream)) {
            String name = "";
            String data = "";
            for (String line : event.split("\n", -1)) {
                if (line.startsWith("event: ")) {
                    name = line.substring("event: ".length());
                } else if (line.startsWith("data: ")) {
                    data = line.substring("data: ".length());
                }
            }
            if (!data.isEmpty() && !data.equals("[DONE]")) {
                pieces.addAll(reader.event(name, data));
            }
        }
        pieces.addAll(reader.end());
        return pieces;
    }

    /** The stream that says so. */
    static String stream(Codec codec, List<Piece> pieces, ReplyFacts facts) {
        Codec.PieceWriter writer = codec.pieceWriter(facts);
        Buffer out = Buffer.buffer();
        Spent spent = NOTHING;
        for (Piece piece : pieces) {
            out.appendBuffer(writer.write(piece));
            spent = piece instanceof Piece.Count count ? count.spent() : spent;
        }
        return out.appendBuffer(writer.finish(spent)).toString(UTF_8);
    }

    /** All words of a kind, together. */
    static String words(List<Piece> pieces) {
        return pieces.stream()
                .filter(Piece.Text.class::isInstance)
                .map(piece -> ((Piece.Text) piece).text())
                .collect(Collectors.joining());
    }
}
