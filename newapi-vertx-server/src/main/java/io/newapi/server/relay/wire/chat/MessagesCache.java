package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonObject;

/** {@code cache_control} (Messages API, prompt caching). */
final class MessagesCache {

    private MessagesCache() {}

    static Part.CacheMark read(Fields block) {
        Fields control = block.objectOrNull("cache_control");
        if (control == null) {
            return Part.CacheMark.NONE;
        }
        if (!control.text("type").equals("ephemeral")) {
            throw control.bad("type", "must be ephemeral");
        }
        return switch (control.text("ttl", "5m")) {
            case "5m" -> Part.CacheMark.FIVE_MINUTES;
            case "1h" -> Part.CacheMark.ONE_HOUR;
            default -> throw control.bad("ttl", "must be 5m or 1h");
        };
    }

    /** The block with its mark. */
    static JsonObject write(JsonObject block, Part.CacheMark mark) {
        return switch (mark) {
            case NONE -> block;
            case FIVE_MINUTES -> block.put("cache_control", new JsonObject().put("type", "ephemeral"));
            case ONE_HOUR ->
                block.put(
                        "cache_control",
                        new JsonObject().put("type", "ephemeral").put("ttl", "1h"));
        };
    }
}
