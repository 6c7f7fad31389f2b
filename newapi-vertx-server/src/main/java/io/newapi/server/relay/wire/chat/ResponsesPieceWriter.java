package io.newapi.server.relay.wire.chat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes a streamed response ("Responses", "Streaming events"), with all events that strict clients want: the response is created
 * and in progress; each item is added, told in pieces, said whole, and done; the last event has the whole response and what it
 * took. Thoughts, messages and calls are items of their own, in their order; calls beside each other stay open together. What was
 * told is kept until the end, as the last events repeat it. Confined to one thread.
 */
final class ResponsesPieceWriter implements Codec.PieceWriter {

    /** An item that is being told. */
    private static final class Item {
        private final String id;
        private final int index;
        private final StringBuilder text = new StringBuilder();

        private Item(String id, int index) {
            this.id = id;
            this.index = index;
        }
    }

    private final Codec.ReplyFacts facts;
    private final List<@Nullable JsonObject> output = new ArrayList<>();
    private final Map<Integer, OpenCall> calls = new LinkedHashMap<>();
    private Buffer out = Buffer.buffer();
    private String id;
    private boolean begun;
    private long sequence;
    private FinishReason finish = FinishReason.STOP;

    private @Nullable Item reasoning;
    private @Nullable Item message;
    private JsonArray content = new JsonArray();
    private boolean partOpen;
    private boolean refusing;

    private record OpenCall(Item item, Piece.Call call) {}

    ResponsesPieceWriter(Codec.ReplyFacts facts) {
        this.facts = facts;
        this.id = facts.id();
    }

    @Override
    public Buffer write(Piece piece) {
        out = Buffer.buffer();
        if (piece instanceof Piece.Begin begin) {
            begin(begin.id());
        } else if (piece instanceof Piece.Text text) {
            say(text.text(), false);
        } else if (piece instanceof Piece.Refusal refusal) {
            say(refusal.text(), true);
        } else if (piece instanceof Piece.Thought thought) {
            think(thought.text());
        } else if (piece instanceof Piece.ThoughtSignature signature) {
            openThought();
            closeThought(signature.signature());
        } else if (piece instanceof Piece.HiddenThought hidden) {
            hidden(hidden.data());
        } else if (piece instanceof Piece.Picture picture) {
            picture(picture.media());
        } else if (piece instanceof Piece.Call call) {
            call(call);
        } else if (piece instanceof Piece.Arguments arguments) {
            arguments(arguments);
        } else if (piece instanceof Piece.End end) {
            finish = end.finish();
            closeAll();
        } else if (!(piece instanceof Piece.Count || piece instanceof Piece.Failure)) {
            throw new IllegalArgumentException("no piece of a response: " + piece);
        }
        return out;
    }

    @Override
    public Buffer finish(Spent spent) {
        out = Buffer.buffer();
        begin("");
        closeAll();
        String type = ResponsesObject.incomplete(finish) == null ? "response.completed" : "response.incomplete";
        event(type, new JsonObject().put("response", response(finish, spent)));
        return out;
    }

    private void begin(String given) {
        if (!begun) {
            begun = true;
            id = given.isEmpty() ? facts.id() : given;
            event("response.created", new JsonObject().put("response", response(null, null)));
            event("response.in_progress", new JsonObject().put("response", response(null, null)));
        }
    }

    private JsonObject response(@Nullable FinishReason over, @Nullable Spent spent) {
        JsonArray items = new JsonArray();
        for (JsonObject item : output) {
            if (item != null) {
                items.add(item);
            }
        }
        return ResponsesObject.response(id, facts, over, items, spent);
    }

    // ---- items ----

    private Item open(String kind, Function<String, JsonObject> first) {
        begin("");
        Item item = new Item(kind + "_" + id + "_" + output.size(), output.size());
        output.add(null);
        event(
                "response.output_item.added",
                new JsonObject().put("output_index", item.index).put("item", first.apply(item.id)));
        return item;
    }

    private void done(Item item, JsonObject whole) {
        output.set(item.index, whole);
        event(
                "response.output_item.done",
                new JsonObject().put("output_index", item.index).put("item", whole));
    }

    private static JsonObject at(Item item) {
        return new JsonObject().put("item_id", item.id).put("output_index", item.index);
    }

    private void closeAll() {
        closeThought("");
        closeMessage();
        closeCalls();
    }

    // ---- thoughts ----

    private void think(String text) {
        Item item = openThought();
        item.text.append(text);
        event(
                "response.reasoning_summary_text.delta",
                at(item).put("summary_index", 0).put("delta", text));
    }

    private Item openThought() {
        Item item = reasoning;
        if (item == null) {
            closeAll();
            item = open("rs", opened -> ResponsesObject.reasoning(opened, new JsonArray(), ""));
            reasoning = item;
            event(
                    "response.reasoning_summary_part.added",
                    at(item).put("summary_index", 0).put("part", summary("")));
        }
        return item;
    }

    private void closeThought(String signature) {
        Item item = reasoning;
        if (item == null) {
            return;
        }
        reasoning = null;
        String text = item.text.toString();
        event(
                "response.reasoning_summary_text.done",
                at(item).put("summary_index", 0).put("text", text));
        event(
                "response.reasoning_summary_part.done",
                at(item).put("summary_index", 0).put("part", summary(text)));
        done(item, ResponsesObject.reasoning(item.id, ResponsesObject.summary(text), signature));
    }

    private void hidden(String data) {
        closeAll();
        Item item = open("rs", opened -> ResponsesObject.reasoning(opened, new JsonArray(), ""));
        done(item, ResponsesObject.reasoning(item.id, new JsonArray(), data));
    }

    private static JsonObject summary(String text) {
        return new JsonObject().put("type", "summary_text").put("text", text);
    }

    // ---- messages ----

    private void say(String text, boolean refusal) {
        Item item = message;
        if (item == null) {
            closeAll();
            item = open("msg", opened -> ResponsesObject.message(opened, "in_progress", new JsonArray()));
            message = item;
        }
        if (partOpen && refusing != refusal) {
            closePart(item);
        }
        if (!partOpen) {
            partOpen = true;
            refusing = refusal;
            event("response.content_part.added", inPart(item).put("part", part("")));
        }
        item.text.append(text);
        if (refusal) {
            event("response.refusal.delta", inPart(item).put("delta", text));
        } else {
            event("response.output_text.delta", inPart(item).put("delta", text).put("logprobs", new JsonArray()));
        }
    }

    private void closePart(Item item) {
        if (!partOpen) {
            return;
        }
        partOpen = false;
        String text = item.text.toString();
        item.text.setLength(0);
        if (refusing) {
            event("response.refusal.done", inPart(item).put("refusal", text));
        } else {
            event("response.output_text.done", inPart(item).put("text", text).put("logprobs", new JsonArray()));
        }
        event("response.content_part.done", inPart(item).put("part", part(text)));
        content.add(part(text));
    }

    private JsonObject part(String text) {
        return refusing ? ResponsesObject.refusal(text) : ResponsesObject.text(text);
    }

    private JsonObject inPart(Item item) {
        return at(item).put("content_index", content.size());
    }

    private void closeMessage() {
        Item item = message;
        if (item == null) {
            return;
        }
        closePart(item);
        message = null;
        done(item, ResponsesObject.message(item.id, status(), content));
        content = new JsonArray();
    }

    private String status() {
        return ResponsesObject.incomplete(finish) == null ? "completed" : "incomplete";
    }

    /** Other media than pictures are said by a link. */
    private void picture(Media.Inline media) {
        if (!media.mediaType().startsWith("image/")) {
            say(ChatReplyWriter.markdown(media), false);
            return;
        }
        closeAll();
        Item item = open("ig", opened -> ResponsesObject.picture(opened, "in_progress", null));
        event("response.image_generation_call.in_progress", at(item));
        event("response.image_generation_call.completed", at(item));
        done(item, ResponsesObject.picture(item.id, "completed", media.base64()));
    }

    // ---- calls ----

    private void call(Piece.Call call) {
        closeThought("");
        closeMessage();
        Item item = open("fc", opened -> ResponsesObject.call(opened, "in_progress", whole(call, "")));
        calls.put(call.number(), new OpenCall(item, call));
    }

    private void arguments(Piece.Arguments arguments) {
        OpenCall open = calls.get(arguments.number());
        if (open != null) {
            open.item.text.append(arguments.json());
            event("response.function_call_arguments.delta", at(open.item).put("delta", arguments.json()));
        }
    }

    private void closeCalls() {
        for (OpenCall open : calls.values()) {
            String arguments = open.item.text.isEmpty() ? "{}" : open.item.text.toString();
            event(
                    "response.function_call_arguments.done",
                    at(open.item).put("name", open.call.name()).put("arguments", arguments));
            done(open.item, ResponsesObject.call(open.item.id, status(), whole(open.call, arguments)));
        }
        calls.clear();
    }

    private static Part.ToolCall whole(Piece.Call call, String arguments) {
        return new Part.ToolCall(call.id(), call.name(), arguments, call.signature(), Part.CacheMark.NONE);
    }

    private void event(String type, JsonObject fields) {
        OpenAiEvents.append(
                out,
                type,
                new JsonObject()
                        .put("type", type)
                        .put("sequence_number", sequence++)
                        .mergeIn(fields));
    }
}
