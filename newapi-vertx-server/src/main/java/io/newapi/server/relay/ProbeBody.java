package io.newapi.server.relay;

import io.newapi.server.relay.wire.WireFormat;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The smallest call of a chat model, in each format. */
final class ProbeBody {

    private static final int MAX_TOKENS = 10;

    private ProbeBody() {}

    static Buffer of(WireFormat format, String model) {
        JsonObject body = switch (format) {
            case CHAT -> messages(model).put("stream", false);
            case RESPONSES ->
                new JsonObject()
                        .put("model", model)
                        .put("input", "hi")
                        .put("max_output_tokens", MAX_TOKENS)
                        .put("store", false);
            case MESSAGES -> messages(model);
            case GEMINI ->
                new JsonObject()
                        .put(
                                "contents",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("role", "user")
                                                .put("parts", new JsonArray().add(new JsonObject().put("text", "hi")))))
                        .put("generationConfig", new JsonObject().put("maxOutputTokens", MAX_TOKENS));
        };
        return body.toBuffer();
    }

    private static JsonObject messages(String model) {
        return new JsonObject()
                .put("model", model)
                .put(
                        "messages",
                        new JsonArray().add(new JsonObject().put("role", "user").put("content", "hi")))
                .put("max_tokens", MAX_TOKENS);
    }
}
