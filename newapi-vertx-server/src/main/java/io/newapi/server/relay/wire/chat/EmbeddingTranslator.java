package io.newapi.server.relay.wire.chat;

import io.newapi.server.relay.wire.ClientRequest;
import io.newapi.server.relay.wire.JsonTree;
import io.newapi.server.relay.wire.chat.Codec.ReplyFacts;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * Says OpenAI's embeddings as Google's {@code batchEmbedContents}: each text of the input is a request there (Gemini API, Embeddings; OpenAI
 * API reference, Create embeddings).
 */
final class EmbeddingTranslator implements Translator {

    private static final Set<String> SAID = Set.of("model", "input", "dimensions", "encoding_format");

    private final ClientRequest request;

    EmbeddingTranslator(ClientRequest request) {
        this.request = request;
    }

    @Override
    public Asked ask(ModelSuffix named, Codec.WriteTerms terms) {
        JsonObject body = read(request.body());
        Object dimensions = body.getValue("dimensions");
        JsonArray requests = new JsonArray();
        Object input = body.getValue("input");
        for (Object text : input instanceof JsonArray list ? list.getList() : List.of(input)) {
            if (!(text instanceof String)) {
                throw new Unsayable("text units in place of texts");
            }
            JsonObject content = new JsonObject().put("parts", new JsonArray().add(new JsonObject().put("text", text)));
            JsonObject one =
                    new JsonObject().put("model", "models/" + named.model()).put("content", content);
            requests.add(dimensions == null ? one : one.put("outputDimensionality", dimensions));
        }
        return Asked.of(
                JsonTree.write(new JsonObject().put("requests", requests)),
                body.fieldNames().stream()
                        .filter(field -> !SAID.contains(field))
                        .toList());
    }

    @Override
    public byte[] answer(byte[] whole, ReplyFacts facts) {
        JsonObject answer = read(whole);
        if (!(answer.getValue("embeddings") instanceof JsonArray embeddings)) {
            throw new Unreadable("embeddings", "is missing");
        }
        boolean inBase64 = request.base64();
        JsonArray data = new JsonArray();
        for (Object embedding : embeddings) {
            if (!(embedding instanceof JsonObject it) || !(it.getValue("values") instanceof JsonArray values)) {
                throw new Unreadable("embeddings.values", "is missing");
            }
            data.add(new JsonObject()
                    .put("object", "embedding")
                    .put("index", data.size())
                    .put("embedding", inBase64 ? base64(values) : values));
        }
        long tokens = tokens(answer, facts);
        return JsonTree.write(new JsonObject()
                .put("object", "list")
                .put("data", data)
                .put("model", facts.model())
                .put("usage", new JsonObject().put("prompt_tokens", tokens).put("total_tokens", tokens)));
    }

    @Override
    public StreamTranslation stream(ReplyFacts facts) {
        throw new IllegalStateException("embeddings are not streamed");
    }

    /** What is charged, too: the provider's count, or the estimate where it gave none. */
    private static long tokens(JsonObject answer, ReplyFacts facts) {
        boolean counted = answer.getValue("usageMetadata") instanceof JsonObject usage
                && usage.getValue("promptTokenCount") instanceof Number count
                && count.longValue() > 0;
        return counted
                ? ((Number) answer.getJsonObject("usageMetadata").getValue("promptTokenCount")).longValue()
                : facts.promptTokens();
    }

    /** Numbers of 32 bits, the least byte first. */
    private static String base64(JsonArray values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (Object value : values) {
            if (!(value instanceof Number number)) {
                throw new Unreadable("embeddings.values", "must be numbers");
            }
            bytes.putFloat(number.floatValue());
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    private static JsonObject read(byte[] body) {
        try {
            return JsonTree.read(body);
        } catch (IOException e) {
            throw new Unreadable("", "is not JSON that can be read");
        }
    }
}
