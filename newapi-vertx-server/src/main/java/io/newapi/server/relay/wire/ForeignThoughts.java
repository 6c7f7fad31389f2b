package io.newapi.server.relay.wire;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Locale;

/**
 * Thoughts in a request of Anthropic's format that stem from another provider's answer. Anthropic looks at signatures and refuses a
 * request with one that is not its own (documentation, extended thinking: preserving thinking blocks), so that a conversation that
 * began elsewhere could not go on there. Two kinds can be told from its own: those that carry a signature of Google's, and those
 * that nobody signed.
 */
public final class ForeignThoughts {

    /** How the data of a redacted thought begins that carries the signature of the call behind it. */
    public static final String CALL_SIGNATURE = "newapi.call-signature:";

    private ForeignThoughts() {}

    /** Whether a block is one. */
    static boolean isOne(String type, String signature, String data) {
        return type.equals("redacted_thinking")
                ? data.startsWith(CALL_SIGNATURE)
                : type.equals("thinking") && signature.isEmpty();
    }

    /**
     * The request without them; all else in it is the same. A message that said nothing else is left out. Where the thought before
     * the last call was one, the model is not told to think by a budget, which Anthropic would refuse then.
     *
     * @param model the provider's. Thoughts that nobody signed are only taken from Claude: others who speak this format sign
     *     nothing, and may want them back
     */
    static byte[] without(byte[] body, String model) {
        JsonObject request;
        try {
            request = JsonTree.read(body);
        } catch (IOException e) {
            return body;
        }
        boolean claude = model.toLowerCase(Locale.ROOT).contains("claude");
        JsonArray kept = new JsonArray();
        boolean found = false;
        boolean callWithoutThought = false;
        if (!(request.getValue("messages") instanceof JsonArray messages)) {
            return body;
        }
        for (Object element : messages) {
            if (element instanceof JsonObject message && message.getValue("content") instanceof JsonArray content) {
                JsonArray own = own(content, claude);
                found |= own.size() < content.size();
                if (own.isEmpty() && !content.isEmpty()) {
                    continue;
                }
                message.put("content", own);
                if ("assistant".equals(message.getValue("role"))) {
                    callWithoutThought = own.size() < content.size() && calls(own) && !beginsWithThought(own);
                }
            }
            kept.add(element);
        }
        if (!found) {
            return body;
        }
        request.put("messages", kept);
        if (callWithoutThought
                && request.getValue("thinking") instanceof JsonObject thinking
                && "enabled".equals(thinking.getValue("type"))) {
            request.remove("thinking");
        }
        return JsonTree.write(request);
    }

    private static JsonArray own(JsonArray content, boolean claude) {
        JsonArray own = new JsonArray();
        for (Object element : content) {
            if (!(element instanceof JsonObject block && isForeign(block, claude))) {
                own.add(element);
            }
        }
        return own;
    }

    private static boolean isForeign(JsonObject block, boolean claude) {
        String type = text(block, "type");
        return (claude || !type.equals("thinking")) && isOne(type, text(block, "signature"), text(block, "data"));
    }

    private static boolean calls(JsonArray content) {
        return content.stream()
                .anyMatch(element -> element instanceof JsonObject block
                        && text(block, "type").equals("tool_use"));
    }

    private static boolean beginsWithThought(JsonArray content) {
        return content.getValue(0) instanceof JsonObject block
                && text(block, "type").endsWith("thinking");
    }

    private static String text(JsonObject block, String name) {
        return block.getValue(name) instanceof String text ? text : "";
    }
}
