package io.newapi.server.relay.wire.chat;

import io.newapi.server.relay.wire.JsonTree;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a streamed answer as Anthropic does (documentation, streaming messages): one block is open at a time, each is begun and
 * stopped, and the last events say why it ends and what it took.
 *
 * <p>A call stays open until its arguments are a whole JSON object or the answer ends; what follows meanwhile waits. The first event
 * waits for the first piece behind {@link Piece.Begin}: if that counts the prompt, the event carries the count.
 */
final class MessagesPieceWriter implements Codec.PieceWriter {

    private enum State {
        NEW,
        BEGUN,
        STARTED,
        OVER
    }

    /** What a block is of. */
    private enum Kind {
        TEXT,
        THINKING,
        CALL
    }

    /** A block, open or waiting for the one before. */
    private static final class Block {
        private final Kind kind;
        private final JsonObject start;
        private final List<JsonObject> deltas = new ArrayList<>();
        private final ObjectEnd end = new ObjectEnd();
        private boolean whole;

        private Block(Kind kind, JsonObject start) {
            this.kind = kind;
            this.start = start;
        }
    }

    private final Codec.ReplyFacts facts;
    private final Map<Integer, Block> calls = new HashMap<>();
    private final Deque<Block> waiting = new ArrayDeque<>();
    private State state = State.NEW;
    private String id;
    private JsonObject usage;
    private @Nullable Block open;
    private int index;
    private Piece.@Nullable End end;

    MessagesPieceWriter(Codec.ReplyFacts facts) {
        this.facts = facts;
        this.id = facts.id();
        this.usage = MessagesUsage.estimate(facts.promptTokens());
    }

    @Override
    public Buffer write(Piece piece) {
        Buffer out = Buffer.buffer();
        if (state == State.OVER) {
            return out;
        }
        if (piece instanceof Piece.Begin begin) {
            begin(begin);
        } else if (piece instanceof Piece.Count count) {
            usage = MessagesUsage.write(count.spent());
        } else {
            start(out);
            content(piece, out);
        }
        if (state == State.BEGUN && piece instanceof Piece.Count) {
            start(out);
        }
        return out;
    }

    private void begin(Piece.Begin begin) {
        id = begin.id().isEmpty() ? id : begin.id();
        state = state == State.NEW ? State.BEGUN : state;
    }

    private void start(Buffer out) {
        if (state == State.STARTED) {
            return;
        }
        state = State.STARTED;
        JsonObject message = new JsonObject()
                .put("id", id)
                .put("type", "message")
                .put("role", "assistant")
                .put("model", facts.model())
                .put("content", new JsonArray())
                .putNull("stop_reason")
                .putNull("stop_sequence")
                .put("usage", usage);
        event("message_start", new JsonObject().put("message", message), out);
    }

    private void content(Piece piece, Buffer out) {
        if (piece instanceof Piece.Text text) {
            text(text.text(), out);
        } else if (piece instanceof Piece.Refusal refusal) {
            text(refusal.text(), out);
        } else if (piece instanceof Piece.Picture picture) {
            text(MessagesBlocks.asText(picture.media()), out);
        } else if (piece instanceof Piece.Thought thought) {
            JsonObject delta = new JsonObject().put("type", "thinking_delta").put("thinking", thought.text());
            add(thinking(out), delta, out);
        } else if (piece instanceof Piece.ThoughtSignature signature) {
            Block block = thinking(out);
            JsonObject delta = new JsonObject().put("type", "signature_delta").put("signature", signature.signature());
            add(block, delta, out);
            block.whole = true;
        } else if (piece instanceof Piece.HiddenThought hidden) {
            hidden(hidden.data(), out);
        } else if (piece instanceof Piece.Call call) {
            call(call, out);
        } else if (piece instanceof Piece.Arguments arguments) {
            arguments(arguments, out);
        } else if (piece instanceof Piece.End ended) {
            end = ended;
            settle(out, true);
        } else if (piece instanceof Piece.Failure) {
            fail(out);
        } else {
            throw new IllegalArgumentException("no piece of an answer: " + piece.getClass());
        }
    }

    private void text(String text, Buffer out) {
        Block last = last();
        Block block = last != null && last.kind == Kind.TEXT && !last.whole
                ? last
                : put(new Block(Kind.TEXT, MessagesBlocks.text("")), out);
        add(block, new JsonObject().put("type", "text_delta").put("text", text), out);
    }

    /** The block of the thought that is being told; a signed one is over. */
    private Block thinking(Buffer out) {
        Block last = last();
        return last != null && last.kind == Kind.THINKING && !last.whole
                ? last
                : put(new Block(Kind.THINKING, MessagesBlocks.thinking("", "")), out);
    }

    private void hidden(String data, Buffer out) {
        put(new Block(Kind.THINKING, MessagesBlocks.hidden(data)), out).whole = true;
    }

    private void call(Piece.Call call, Buffer out) {
        if (!call.signature().isEmpty()) {
            hidden(CarriedSignature.data(call.signature()), out);
        }
        String callId = call.id().isEmpty() ? "toolu_" + facts.id() + "_" + call.number() : call.id();
        calls.put(
                call.number(),
                put(new Block(Kind.CALL, MessagesBlocks.call(callId, call.name(), new JsonObject())), out));
    }

    private void arguments(Piece.Arguments arguments, Buffer out) {
        Block block = calls.get(arguments.number());
        if (block == null || block.whole || arguments.json().isEmpty()) {
            return;
        }
        block.end.add(arguments.json());
        block.whole = block.end.reached();
        add(block, new JsonObject().put("type", "input_json_delta").put("partial_json", arguments.json()), out);
        settle(out, false);
    }

    private void fail(Buffer out) {
        state = State.OVER;
        JsonObject error = new JsonObject()
                .put("type", "api_error")
                .put("message", "the provider reported an error in the middle of its answer");
        event("error", new JsonObject().put("error", error), out);
    }

    /** The block that was begun last, open or not. */
    private @Nullable Block last() {
        return waiting.isEmpty() ? open : waiting.getLast();
    }

    private Block put(Block block, Buffer out) {
        waiting.add(block);
        settle(out, false);
        return block;
    }

    private void add(Block block, JsonObject delta, Buffer out) {
        if (block == open) {
            delta(delta, out);
        } else {
            block.deltas.add(delta);
        }
    }

    /** Closes what is over and opens what waits for that. */
    private void settle(Buffer out, boolean all) {
        while (!waiting.isEmpty() && (all || open == null || open.kind != Kind.CALL || open.whole)) {
            close(out);
            Block next = waiting.remove();
            open = next;
            event("content_block_start", new JsonObject().put("index", index).put("content_block", next.start), out);
            next.deltas.forEach(delta -> delta(delta, out));
            next.deltas.clear();
        }
        if (all) {
            close(out);
        }
    }

    private void close(Buffer out) {
        if (open != null) {
            event("content_block_stop", new JsonObject().put("index", index++), out);
            open = null;
        }
    }

    private void delta(JsonObject delta, Buffer out) {
        event("content_block_delta", new JsonObject().put("index", index).put("delta", delta), out);
    }

    @Override
    public Buffer finish(Spent spent) {
        Buffer out = Buffer.buffer();
        if (state == State.OVER) {
            return out;
        }
        start(out);
        settle(out, true);
        state = State.OVER;
        JsonObject delta = new JsonObject()
                .put("stop_reason", stopReason())
                .put("stop_sequence", end == null ? null : MessagesReplies.stopSequence(end.stopSequence()));
        event("message_delta", new JsonObject().put("delta", delta).put("usage", MessagesUsage.write(spent)), out);
        event("message_stop", new JsonObject(), out);
        return out;
    }

    /** A call that was cut off must not be run. */
    private String stopReason() {
        if (end != null) {
            return MessagesStop.write(end.finish(), !calls.isEmpty());
        }
        boolean whole = calls.values().stream().allMatch(call -> call.whole);
        return MessagesStop.write(whole ? FinishReason.STOP : FinishReason.LENGTH, !calls.isEmpty());
    }

    private static void event(String type, JsonObject rest, Buffer out) {
        JsonObject data = new JsonObject().put("type", type).mergeIn(rest);
        out.appendString("event: " + type + "\ndata: ")
                .appendBytes(JsonTree.write(data))
                .appendString("\n\n");
    }
}
