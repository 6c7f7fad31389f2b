package io.newapi.server.relay.wire.chat;

import io.newapi.server.relay.wire.JsonTree;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The arguments of a call, for formats that have them as an object and not as text. */
final class CallInput {

    private CallInput() {}

    /**
     * The object. Nothing is an empty one, and what a model wrote that is no JSON object stands in it under {@code arguments}: a
     * call that is left out would leave its result without one.
     */
    static JsonObject read(String json) {
        if (json.isBlank()) {
            return new JsonObject();
        }
        try {
            return JsonTree.read(json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            return new JsonObject().put("arguments", json);
        }
    }

    /** The text. */
    static String write(JsonObject input) {
        return new String(JsonTree.write(input), StandardCharsets.UTF_8);
    }
}
