package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * Writes a response ("Responses", "The response object"): thoughts, words, calls and pictures as items in their order, words
 * beside each other as one message. Confined to one thread.
 */
final class ResponsesReplyWriter {

    private static final String COMPLETED = "completed";

    private final Reply reply;
    private final Codec.ReplyFacts facts;
    private final String id;
    private final JsonArray output = new JsonArray();
    private JsonArray content = new JsonArray();

    ResponsesReplyWriter(Reply reply, Codec.ReplyFacts facts) {
        this.reply = reply;
        this.facts = facts;
        this.id = reply.id().isEmpty() ? facts.id() : reply.id();
    }

    JsonObject write() {
        reply.parts().forEach(this::part);
        message();
        return ResponsesObject.response(id, facts, reply.finish(), output, reply.spent());
    }

    private void part(Part part) {
        if (part instanceof Part.Text text) {
            content.add(ResponsesObject.text(text.text()));
        } else if (part instanceof Part.Refusal refusal) {
            content.add(ResponsesObject.refusal(refusal.text()));
        } else if (part instanceof Part.Thought thought) {
            message();
            output.add(ResponsesObject.reasoning(
                    itemId("rs"), ResponsesObject.summary(thought.text()), thought.signature()));
        } else if (part instanceof Part.HiddenThought hidden) {
            message();
            output.add(ResponsesObject.reasoning(itemId("rs"), new JsonArray(), hidden.data()));
        } else if (part instanceof Part.ToolCall call) {
            message();
            output.add(ResponsesObject.call(itemId("fc"), COMPLETED, call));
        } else if (part instanceof Part.Image image && image.media() instanceof Media.Inline picture) {
            message();
            output.add(ResponsesObject.picture(itemId("ig"), COMPLETED, picture.base64()));
        } else {
            content.add(ResponsesObject.text(ChatReplyWriter.markdown(part)));
        }
    }

    private void message() {
        if (!content.isEmpty()) {
            output.add(ResponsesObject.message(itemId("msg"), COMPLETED, content));
            content = new JsonArray();
        }
    }

    private String itemId(String kind) {
        return kind + "_" + id + "_" + output.size();
    }
}
