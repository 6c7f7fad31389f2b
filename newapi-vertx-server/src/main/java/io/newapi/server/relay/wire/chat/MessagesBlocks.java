package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonObject;
import java.util.regex.Pattern;

/** Blocks that stand in Anthropic's requests and answers alike (Messages API reference, {@code ContentBlock}). */
final class MessagesBlocks {

    private static final Pattern NOT_IN_IDS = Pattern.compile("[^a-zA-Z0-9_-]");

    private MessagesBlocks() {}

    static JsonObject text(String text) {
        return new JsonObject().put("type", "text").put("text", text);
    }

    static JsonObject thinking(String thinking, String signature) {
        return new JsonObject()
                .put("type", "thinking")
                .put("thinking", thinking)
                .put("signature", signature);
    }

    static JsonObject hidden(String data) {
        return new JsonObject().put("type", "redacted_thinking").put("data", data);
    }

    static JsonObject call(String id, String name, JsonObject input) {
        return new JsonObject()
                .put("type", "tool_use")
                .put("id", callId(id))
                .put("name", name)
                .put("input", input);
    }

    /** A call's id in the letters that are taken in requests; other vendors' have colons and dots. */
    static String callId(String id) {
        return NOT_IN_IDS.matcher(id).replaceAll("_");
    }

    /** A picture or sound, for which answers in this format have no block. */
    static String asText(Media.Inline media) {
        String what = media.mediaType().startsWith("image/") ? "![image](" : "[media](";
        return what + "data:" + media.mediaType() + ";base64," + media.base64() + ")";
    }
}
