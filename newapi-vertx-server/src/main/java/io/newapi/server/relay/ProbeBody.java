package io.newapi.server.relay;

import io.newapi.server.relay.provider.Provider;
import io.newapi.server.relay.wire.ModelKind;
import io.newapi.server.relay.wire.WireFormat;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The smallest call of a model, in each format in which one costs next to nothing. */
final class ProbeBody {

    private static final int MAX_TOKENS = 10;

    private static final Set<WireFormat> ASKED = EnumSet.of(
            WireFormat.CHAT,
            WireFormat.RESPONSES,
            WireFormat.MESSAGES,
            WireFormat.GEMINI,
            WireFormat.EMBEDDINGS,
            WireFormat.RERANK);

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
            case EMBEDDINGS -> new JsonObject().put("model", model).put("input", new JsonArray().add("hello world"));
            case RERANK ->
                new JsonObject()
                        .put("model", model)
                        .put("query", "hello")
                        .put("documents", new JsonArray().add("hello").add("world"));
            default -> throw new IllegalArgumentException(format + " is not asked");
        };
        return body.toBuffer();
    }

    /** In which format a model of a provider is asked; empty if it has none in which a call costs next to nothing. */
    static Optional<WireFormat> formatFor(Provider provider, String model) {
        WireFormat ofKind = ModelKind.of(model).format();
        WireFormat asked = provider.serves(ofKind) ? ofKind : WireFormat.CHAT;
        return Optional.of(asked)
                .filter(provider::serves)
                .map(provider::formatFor)
                .filter(ASKED::contains);
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
