package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * Writes the response object and the items of its output ("Responses", "The response object"). Strict clients want all of its
 * fields; those that repeat the request have the values of one that did not say anything.
 */
final class ResponsesObject {

    private ResponsesObject() {}

    /**
     * A response.
     *
     * @param finish why it is over; null while it is not
     */
    static JsonObject response(
            String id, Codec.ReplyFacts facts, @Nullable FinishReason finish, JsonArray output, @Nullable Spent spent) {
        String incomplete = finish == null ? null : incomplete(finish);
        return new JsonObject()
                .put("id", id)
                .put("object", "response")
                .put("created_at", facts.createdSeconds())
                .put("status", finish == null ? "in_progress" : incomplete == null ? "completed" : "incomplete")
                .put("background", false)
                .put("error", null)
                .put("incomplete_details", incomplete == null ? null : new JsonObject().put("reason", incomplete))
                .put("instructions", null)
                .put("max_output_tokens", null)
                .put("metadata", new JsonObject())
                .put("model", facts.model())
                .put("output", output)
                .put("parallel_tool_calls", true)
                .put("previous_response_id", null)
                .put("reasoning", new JsonObject().put("effort", null).put("summary", null))
                .put("store", false)
                .put("temperature", null)
                .put("text", new JsonObject().put("format", new JsonObject().put("type", "text")))
                .put("tool_choice", "auto")
                .put("tools", new JsonArray())
                .put("top_p", null)
                .put("truncation", "disabled")
                .put("usage", spent == null ? null : OpenAiUsage.responses(spent))
                .put("user", null);
    }

    /** Why it is not complete; null if it is. */
    static @Nullable String incomplete(FinishReason finish) {
        return switch (finish) {
            case LENGTH -> "max_output_tokens";
            case CONTENT_FILTER -> "content_filter";
            case STOP, STOP_SEQUENCE, TOOL_CALLS, PAUSED -> null;
        };
    }

    static JsonObject message(String id, String status, JsonArray content) {
        return new JsonObject()
                .put("id", id)
                .put("type", "message")
                .put("status", status)
                .put("role", "assistant")
                .put("content", content);
    }

    static JsonObject text(String text) {
        return new JsonObject()
                .put("type", "output_text")
                .put("annotations", new JsonArray())
                .put("logprobs", new JsonArray())
                .put("text", text);
    }

    static JsonObject refusal(String text) {
        return new JsonObject().put("type", "refusal").put("refusal", text);
    }

    /**
     * What was thought.
     *
     * @param summary none for what only the provider can read
     * @param encrypted may be empty
     */
    static JsonObject reasoning(String id, JsonArray summary, String encrypted) {
        JsonObject item =
                new JsonObject().put("id", id).put("type", "reasoning").put("summary", summary);
        OpenAiTools.putIfAny(item, "encrypted_content", encrypted);
        return item;
    }

    /** A summary of one part, which may be empty. */
    static JsonArray summary(String text) {
        return new JsonArray().add(new JsonObject().put("type", "summary_text").put("text", text));
    }

    static JsonObject call(String id, String status, Part.ToolCall call) {
        JsonObject item = new JsonObject()
                .put("id", id)
                .put("type", "function_call")
                .put("status", status)
                .put("arguments", call.arguments())
                .put("call_id", call.id())
                .put("name", call.name());
        return ChatMessageWriter.putSignature(item, call.signature());
    }

    static JsonObject picture(String id, String status, @Nullable String base64) {
        return new JsonObject()
                .put("id", id)
                .put("type", "image_generation_call")
                .put("status", status)
                .put("result", base64);
    }
}
