package io.newapi.server.relay.wire.chat;

import io.newapi.server.relay.wire.JsonTree;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Writes a streamed answer as Google does (Gemini API reference, {@code models.streamGenerateContent}): as events, or as the
 * elements of one JSON array. A call is written when its arguments are whole and the calls before it are written; the last element
 * says why it ends and what it took.
 */
final class GeminiPieceWriter implements Codec.PieceWriter {

    private enum State {
        OPEN,
        ENDED,
        FAILED,
        OVER
    }

    /** A call whose arguments are not whole yet. */
    private static final class OpenCall {
        private final Piece.Call call;
        private final StringBuilder arguments = new StringBuilder();
        private final ObjectEnd end = new ObjectEnd();

        private OpenCall(Piece.Call call) {
            this.call = call;
        }
    }

    private final Codec.ReplyFacts facts;
    private final boolean array;
    private final NavigableMap<Integer, OpenCall> open = new TreeMap<>();
    private State state = State.OPEN;
    private boolean written;
    private String id;
    private FinishReason finish = FinishReason.STOP;

    /** @param array whether the client wants one JSON array, as it does without {@code alt=sse} */
    GeminiPieceWriter(Codec.ReplyFacts facts, boolean array) {
        this.facts = facts;
        this.array = array;
        this.id = facts.id();
    }

    @Override
    public Buffer write(Piece piece) {
        Buffer out = Buffer.buffer();
        if (state == State.FAILED || state == State.OVER) {
            return out;
        }
        if (piece instanceof Piece.Begin begin) {
            id = begin.id().isEmpty() ? id : begin.id();
        } else if (piece instanceof Piece.Text text) {
            part(new JsonObject().put("text", text.text()), out);
        } else if (piece instanceof Piece.Refusal refusal) {
            part(new JsonObject().put("text", refusal.text()), out);
        } else if (piece instanceof Piece.Thought thought) {
            part(GeminiReplies.thought(thought.text(), ""), out);
        } else if (piece instanceof Piece.ThoughtSignature signature) {
            part(GeminiReplies.thought("", signature.signature()), out);
        } else if (piece instanceof Piece.Picture picture) {
            part(GeminiMedia.write(picture.media(), "image/jpeg"), out);
        } else if (piece instanceof Piece.Call call) {
            open.put(call.number(), new OpenCall(call));
        } else if (piece instanceof Piece.Arguments arguments) {
            arguments(arguments, out);
        } else if (piece instanceof Piece.End end) {
            state = State.ENDED;
            finish = end.finish();
        } else if (piece instanceof Piece.Failure) {
            state = State.FAILED;
            element(failure(), out);
        } else if (!(piece instanceof Piece.HiddenThought || piece instanceof Piece.Count)) {
            throw new IllegalArgumentException("no piece of an answer: " + piece.getClass());
        }
        return out;
    }

    private void arguments(Piece.Arguments arguments, Buffer out) {
        OpenCall call = open.get(arguments.number());
        if (call == null || call.end.reached()) {
            return;
        }
        call.arguments.append(arguments.json());
        call.end.add(arguments.json());
        while (!open.isEmpty() && open.firstEntry().getValue().end.reached()) {
            call(open.pollFirstEntry().getValue(), out);
        }
    }

    private void call(OpenCall open, Buffer out) {
        String callId = open.call.id().isEmpty()
                ? GeminiCallIds.inAnswer(id, open.call.name(), "", open.call.number())
                : open.call.id();
        Part.ToolCall call = new Part.ToolCall(
                callId, open.call.name(), open.arguments.toString(), open.call.signature(), Part.CacheMark.NONE);
        part(GeminiPartsWriter.call(call, call.signature()), out);
    }

    private void part(JsonObject part, Buffer out) {
        element(response(GeminiReplies.candidate(new JsonArray().add(part))), out);
    }

    private JsonObject response(JsonObject candidate) {
        return GeminiReplies.response(id, facts.model(), candidate);
    }

    private static JsonObject failure() {
        return new JsonObject()
                .put(
                        "error",
                        new JsonObject()
                                .put("code", 500)
                                .put("message", "the provider reported an error in the middle of its answer")
                                .put("status", "INTERNAL"));
    }

    private void element(JsonObject element, Buffer out) {
        if (array) {
            out.appendString(written ? ",\r\n" : "[").appendBytes(JsonTree.write(element));
        } else {
            out.appendString("data: ").appendBytes(JsonTree.write(element)).appendString("\n\n");
        }
        written = true;
    }

    /** Calls that were cut off are not written: they must not be run. */
    @Override
    public Buffer finish(Spent spent) {
        Buffer out = Buffer.buffer();
        if (state == State.OVER) {
            return out;
        }
        if (state != State.FAILED) {
            boolean cut = state == State.OPEN && !open.isEmpty();
            if (state == State.ENDED) {
                open.values().forEach(call -> call(call, out));
            }
            JsonArray nothing = new JsonArray().add(new JsonObject().put("text", ""));
            JsonObject candidate = GeminiReplies.candidate(nothing)
                    .put("finishReason", GeminiFinish.write(cut ? FinishReason.LENGTH : finish));
            element(response(candidate).put("usageMetadata", GeminiUsage.write(spent)), out);
        }
        state = State.OVER;
        return array ? out.appendString("]") : out;
    }
}
