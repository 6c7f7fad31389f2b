package io.newapi.sandbox;

import io.vertx.core.json.JsonObject;
import java.util.Map;

/** What is answered below {@code /v1/} in Anthropic's format. */
final class AnthropicEndpoints {

    private AnthropicEndpoints() {}

    /** By the path below {@code /v1/}. */
    static Map<String, Endpoint> ofAll() {
        return Map.of(
                "messages", AnthropicEndpoints::messages, "messages/count_tokens", AnthropicEndpoints::countTokens);
    }

    private static Answer messages(Call call) {
        requireVersion(call);
        JsonObject json = call.json();
        Question question = MessagesRequest.read(json, false);
        Script script = call.script(json);
        Reply reply = Reply.to(question, script, call.number());
        return Answer.of(script, reply, new MessagesWriter(reply), question.streamed());
    }

    private static Answer countTokens(Call call) {
        requireVersion(call);
        JsonObject json = call.json();
        Question question = MessagesRequest.read(json, true);
        Script script = call.script(json);
        Usage usage = Usage.of(script, question.promptWords(), 0, 0);
        return Answer.json(script, new JsonObject().put("input_tokens", usage.prompt()));
    }

    private static void requireVersion(Call call) {
        if (call.header("anthropic-version") == null) {
            throw Refused.because("anthropic-version: header is required");
        }
    }
}
