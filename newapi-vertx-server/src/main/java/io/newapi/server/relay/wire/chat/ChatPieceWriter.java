package io.newapi.server.relay.wire.chat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a streamed chat completion ("Chat Completions", "The chat completion chunk object"): first the role, then what is said,
 * then why it ends, then the usage if it is wanted, then {@code [DONE]}. Calls are numbered from 0 without a gap. A thought's text
 * stands in {@code reasoning_content}, and with its number in {@code reasoning_details}, where its signature can be matched to
 * it. Confined to one thread.
 */
final class ChatPieceWriter implements Codec.PieceWriter {

    private final Codec.ReplyFacts facts;
    private final Map<Integer, Integer> indexes = new LinkedHashMap<>();
    private final Set<Integer> withoutArguments = new LinkedHashSet<>();
    private String id;
    private boolean begun;
    private boolean ended;
    private int thought;
    private boolean thinking;

    ChatPieceWriter(Codec.ReplyFacts facts) {
        this.facts = facts;
        this.id = facts.id();
    }

    @Override
    public Buffer write(Piece piece) {
        Buffer out = Buffer.buffer();
        if (piece instanceof Piece.Begin begin) {
            begin(begin.id(), out);
        } else if (piece instanceof Piece.Text text) {
            delta(out, new JsonObject().put("content", text.text()));
        } else if (piece instanceof Piece.Refusal refusal) {
            delta(out, new JsonObject().put("refusal", refusal.text()));
        } else if (piece instanceof Piece.Picture picture) {
            delta(out, new JsonObject().put("content", ChatReplyWriter.markdown(picture.media())));
        } else if (piece instanceof Piece.Thought words) {
            thought(out, words);
        } else if (piece instanceof Piece.ThoughtSignature signature) {
            details(out, new JsonObject(), ChatMessageWriter.detail("", signature.signature(), thought));
            nextThought();
        } else if (piece instanceof Piece.HiddenThought hidden) {
            if (thinking) {
                nextThought();
            }
            details(out, new JsonObject(), ChatMessageWriter.hiddenDetail(hidden.data(), thought));
            nextThought();
        } else if (piece instanceof Piece.Call call) {
            call(out, call);
        } else if (piece instanceof Piece.Arguments arguments) {
            withoutArguments.remove(arguments.number());
            arguments(out, arguments.number(), arguments.json());
        } else if (piece instanceof Piece.End end) {
            end(out, end.finish());
        } else if (!(piece instanceof Piece.Count || piece instanceof Piece.Failure)) {
            throw new IllegalArgumentException("no piece of a chat completion: " + piece);
        }
        return out;
    }

    @Override
    public Buffer finish(Spent spent) {
        Buffer out = Buffer.buffer();
        if (!ended) {
            end(out, indexes.isEmpty() ? FinishReason.STOP : FinishReason.TOOL_CALLS);
        }
        if (facts.usageWanted()) {
            OpenAiEvents.append(out, chunk().put("choices", new JsonArray()).put("usage", OpenAiUsage.chat(spent)));
        }
        OpenAiEvents.appendDone(out);
        return out;
    }

    private void begin(String given, Buffer out) {
        if (!begun) {
            begun = true;
            id = given.isEmpty() ? facts.id() : given;
            choice(out, new JsonObject().put("role", "assistant").put("content", ""), null);
        }
    }

    private void thought(Buffer out, Piece.Thought words) {
        thinking = true;
        details(
                out,
                new JsonObject().put("reasoning_content", words.text()),
                ChatMessageWriter.detail(words.text(), "", thought));
    }

    private void nextThought() {
        thinking = false;
        thought++;
    }

    private void details(Buffer out, JsonObject delta, JsonObject detail) {
        delta(out, delta.put("reasoning_details", new JsonArray().add(detail)));
    }

    private void call(Buffer out, Piece.Call call) {
        int index = indexes.size();
        indexes.put(call.number(), index);
        withoutArguments.add(call.number());
        JsonObject written = new JsonObject()
                .put("index", index)
                .put("id", call.id())
                .put("type", "function")
                .put("function", new JsonObject().put("name", call.name()).put("arguments", ""));
        calls(out, ChatMessageWriter.putSignature(written, call.signature()));
    }

    private void arguments(Buffer out, int number, String json) {
        calls(
                out,
                new JsonObject()
                        .put("index", indexes.getOrDefault(number, number))
                        .put("function", new JsonObject().put("arguments", json)));
    }

    private void calls(Buffer out, JsonObject call) {
        delta(out, new JsonObject().put("tool_calls", new JsonArray().add(call)));
    }

    /** Clients read arguments as JSON, which an empty text is not. */
    private void end(Buffer out, FinishReason finish) {
        ended = true;
        begin("", out);
        withoutArguments.forEach(number -> arguments(out, number, "{}"));
        withoutArguments.clear();
        choice(out, new JsonObject(), ChatReplyReader.word(finish));
    }

    private void delta(Buffer out, JsonObject delta) {
        begin("", out);
        if (thinking && !delta.containsKey("reasoning_details")) {
            nextThought();
        }
        choice(out, delta, null);
    }

    private void choice(Buffer out, JsonObject delta, @Nullable String finish) {
        JsonObject choice = new JsonObject()
                .put("index", 0)
                .put("delta", delta)
                .put("logprobs", null)
                .put("finish_reason", finish);
        OpenAiEvents.append(out, chunk().put("choices", new JsonArray().add(choice)));
    }

    private JsonObject chunk() {
        return new JsonObject()
                .put("id", id)
                .put("object", "chat.completion.chunk")
                .put("created", facts.createdSeconds())
                .put("model", facts.model());
    }
}
