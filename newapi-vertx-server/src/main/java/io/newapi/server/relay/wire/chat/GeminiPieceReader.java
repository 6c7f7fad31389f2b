package io.newapi.server.relay.wire.chat;

import io.newapi.server.relay.wire.JsonTree;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a streamed answer of Google's (Gemini API reference, {@code models.streamGenerateContent} with {@code alt=sse}). Calls come
 * whole. The end is held back, as the count may follow it.
 */
final class GeminiPieceReader implements Codec.PieceReader {

    private final GeminiAnswer answer = new GeminiAnswer();
    private boolean begun;
    private boolean ended;
    private int calls;

    @Override
    public List<Piece> event(String name, String data) {
        GeminiFields response = GeminiFields.of(parsed(data));
        if (response.has("error")) {
            return List.of(new Piece.Failure(data));
        }
        List<Piece> pieces = new ArrayList<>();
        List<Part> parts = answer.parts(response);
        Spent spent = GeminiUsage.read(response.objectOrNull("usageMetadata"));
        if (!begun) {
            begun = true;
            pieces.add(new Piece.Begin(response.text("responseId", ""), response.text("modelVersion", "")));
        }
        parts.forEach(part -> add(part, pieces));
        if (spent != null) {
            pieces.add(new Piece.Count(spent, answer.isOver()));
        }
        return pieces;
    }

    private static JsonObject parsed(String data) {
        try {
            return JsonTree.read(data.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new Unreadable("", "must be a JSON object");
        }
    }

    private void add(Part part, List<Piece> to) {
        if (part instanceof Part.Text text) {
            to.add(new Piece.Text(text.text()));
        } else if (part instanceof Part.Thought thought) {
            to.add(new Piece.Thought(thought.text()));
        } else if (part instanceof Part.ToolCall call) {
            to.add(new Piece.Call(calls, call.id(), call.name(), call.signature()));
            to.add(new Piece.Arguments(calls++, call.arguments()));
        } else if (part instanceof Part.Image image) {
            addMedia(image.media(), to);
        } else if (part instanceof Part.Document document) {
            addMedia(document.media(), to);
        } else if (part instanceof Part.Audio audio) {
            addMedia(audio.media(), to);
        } else if (part instanceof Part.Video video) {
            addMedia(video.media(), to);
        } else {
            throw new IllegalArgumentException("no part of an answer: " + part.getClass());
        }
    }

    private static void addMedia(Media media, List<Piece> to) {
        if (media instanceof Media.Inline inline) {
            to.add(new Piece.Picture(inline));
        }
    }

    @Override
    public List<Piece> end() {
        if (ended || !answer.isOver()) {
            return List.of();
        }
        ended = true;
        return List.of(new Piece.End(answer.finish(), ""));
    }
}
