package io.newapi.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/** What is answered below {@code /v1beta/models/NAME:} in Google's formats. */
final class GeminiEndpoints {

    private static final int USUAL_DIMENSIONS = 3072;

    private GeminiEndpoints() {}

    /** By the method behind the model's name. */
    static Map<String, Endpoint> ofAll() {
        return Map.of(
                "generateContent", call -> content(call, false),
                "streamGenerateContent", call -> content(call, true),
                "countTokens", GeminiEndpoints::countTokens,
                "embedContent", GeminiEndpoints::embed,
                "batchEmbedContents", GeminiEndpoints::embedAll);
    }

    private static Answer content(Call call, boolean streamed) {
        JsonObject json = GeminiRequest.camel(call.json());
        Question question = GeminiRequest.read(json, Fields.text(json, "model"), streamed);
        Script script = call.script(json);
        GeminiWriter writer = new GeminiWriter(
                Reply.to(question, script, call.number()),
                "sse".equals(call.request().getParam("alt")));
        return Answer.of(script, writer.reply(), writer, streamed);
    }

    private static Answer countTokens(Call call) {
        JsonObject json = GeminiRequest.camel(call.json());
        JsonObject wrapped = Fields.object(json, "generateContentRequest");
        Question question = GeminiRequest.read(wrapped.isEmpty() ? json : wrapped, Fields.text(json, "model"), false);
        Script script = call.script(json);
        Usage usage = Usage.of(script, question.promptWords(), 0, 0);
        return Answer.json(script, new JsonObject().put("totalTokens", usage.prompt()));
    }

    private static Answer embed(Call call) {
        JsonObject json = GeminiRequest.camel(call.json());
        return Answer.json(call.script(json), new JsonObject().put("embedding", embedding(json)));
    }

    private static Answer embedAll(Call call) {
        JsonObject json = GeminiRequest.camel(call.json());
        List<JsonObject> requests = Fields.objects(json, "requests");
        if (requests.isEmpty()) {
            throw Refused.because("* BatchEmbedContentsRequest.requests: requests must not be empty\n");
        }
        JsonArray embeddings = new JsonArray();
        for (JsonObject request : requests) {
            if (!Fields.text(request, "model").equals("models/" + call.model())) {
                throw Refused.because("* BatchEmbedContentsRequest.requests: model must be the one of the path\n");
            }
            embeddings.add(embedding(request));
        }
        return Answer.json(call.script(json), new JsonObject().put("embeddings", embeddings));
    }

    private static JsonObject embedding(JsonObject request) {
        JsonObject content = Fields.object(request, "content");
        if (Fields.objects(content, "parts").isEmpty()) {
            throw Refused.because("* EmbedContentRequest.content: content is not specified\n");
        }
        Long wanted = Fields.whole(request, "outputDimensionality");
        if (wanted != null && (wanted < 1 || wanted > USUAL_DIMENSIONS)) {
            throw Refused.because("* EmbedContentRequest.output_dimensionality: must be in the range [1, "
                    + USUAL_DIMENSIONS + "]\n");
        }
        int dimensions = wanted == null ? USUAL_DIMENSIONS : wanted.intValue();
        return new JsonObject()
                .put(
                        "values",
                        Embedding.of(GeminiRequest.textOf(content), dimensions).toJson());
    }
}
