package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonObject;

/**
 * Anthropic's {@code cache_control} on parts of a message in OpenAI's format, as OpenRouter and others take it (OpenRouter,
 * "Prompt caching"). Written only where a client has set a mark: OpenAI does not know it.
 */
final class OpenAiCacheMarks {

    private OpenAiCacheMarks() {}

    static Part.CacheMark read(Fields in) {
        Fields mark = in.objectOrNull("cache_control");
        if (mark == null) {
            return Part.CacheMark.NONE;
        }
        return mark.text("ttl", "").equals("1h") ? Part.CacheMark.ONE_HOUR : Part.CacheMark.FIVE_MINUTES;
    }

    /** The same object, with the mark if there is one. */
    static JsonObject put(JsonObject onto, Part.CacheMark mark) {
        return switch (mark) {
            case NONE -> onto;
            case FIVE_MINUTES -> onto.put("cache_control", new JsonObject().put("type", "ephemeral"));
            case ONE_HOUR ->
                onto.put(
                        "cache_control",
                        new JsonObject().put("type", "ephemeral").put("ttl", "1h"));
        };
    }
}
