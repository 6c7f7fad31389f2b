package io.newapi.sandbox;

import io.vertx.core.json.JsonObject;
import java.util.Map;

/** What is answered below {@code /v1beta/models/NAME:} in Google's formats. */
final class GeminiEndpoints {

    private GeminiEndpoints() {}

    /** By the method behind the model's name. */
    static Map<String, Endpoint> ofAll() {
        return Map.of(
                "generateContent", call -> content(call, false),
                "streamGenerateContent", call -> content(call, true),
                "countTokens", GeminiEndpoints::countTokens);
    }

    private static Answer content(Call call, boolean streamed) {
        JsonObject json = GeminiRequest.camel(call.json());
        Question question = GeminiRequest.read(json, Fields.text(json, "model"), streamed);
        Script script = call.script(json);
        GeminiWriter writer = new GeminiWriter(
                Reply.to(question, script, call.number()), "sse".equals(call.request().getParam("alt")));
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
}
