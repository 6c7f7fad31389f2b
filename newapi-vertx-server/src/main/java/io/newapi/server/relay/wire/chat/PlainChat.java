package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A chat completion with the fields of the format only, those of OpenAI's reference and those that {@link ChatReplyWriter} and {@link
 * ChatPieceWriter} add, and with those of them that every client expects.
 */
final class PlainChat {

    private static final Set<String> ANSWER =
            Set.of("id", "object", "created", "model", "choices", "usage", "system_fingerprint", "service_tier");
    private static final Set<String> CHOICE = Set.of("index", "message", "delta", "logprobs", "finish_reason");
    private static final Set<String> MESSAGE = Set.of(
            "role",
            "content",
            "refusal",
            "reasoning_content",
            "reasoning",
            "reasoning_details",
            "tool_calls",
            "function_call",
            "annotations",
            "audio");
    private static final Set<String> CALL = Set.of("index", "id", "type", "function", "custom", "extra_content");
    private static final Set<String> USAGE = Set.of(
            "prompt_tokens", "completion_tokens", "total_tokens", "prompt_tokens_details", "completion_tokens_details");

    private PlainChat() {}

    /**
     * The answer, or a chunk of one, without anything else.
     *
     * @param object what it calls itself if it does not say
     */
    static JsonObject of(JsonObject answer, String object, Codec.ReplyFacts facts) {
        JsonObject plain = only(ANSWER, answer);
        putIfMissing(plain, "id", facts.id());
        putIfMissing(plain, "object", object);
        putIfMissing(plain, "created", facts.createdSeconds());
        putIfMissing(plain, "model", facts.model());
        each(plain, "choices", PlainChat::choice);
        if (plain.getValue("usage") instanceof JsonObject usage) {
            plain.put("usage", only(USAGE, usage));
        }
        return plain;
    }

    private static void putIfMissing(JsonObject in, String field, Object value) {
        if (in.getValue(field) == null) {
            in.put(field, value);
        }
    }

    private static JsonObject choice(JsonObject choice) {
        JsonObject plain = only(CHOICE, choice);
        for (String field : List.of("message", "delta")) {
            if (plain.getValue(field) instanceof JsonObject message) {
                JsonObject said = only(MESSAGE, message);
                each(said, "tool_calls", call -> only(CALL, call));
                plain.put(field, said);
            }
        }
        return plain;
    }

    private static JsonObject only(Set<String> names, JsonObject object) {
        JsonObject kept = new JsonObject();
        for (Map.Entry<String, Object> field : object.getMap().entrySet()) {
            if (names.contains(field.getKey())) {
                kept.put(field.getKey(), field.getValue());
            }
        }
        return kept;
    }

    private static void each(JsonObject in, String field, UnaryOperator<JsonObject> change) {
        if (in.getValue(field) instanceof JsonArray elements) {
            JsonArray changed = new JsonArray();
            elements.forEach(element -> changed.add(element instanceof JsonObject it ? change.apply(it) : element));
            in.put(field, changed);
        }
    }
}
