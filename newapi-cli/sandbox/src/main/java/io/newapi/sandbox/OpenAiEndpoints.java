package io.newapi.sandbox;

import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;

/** What is answered below {@code /v1/} in OpenAI's formats, and below a deployment of Azure. */
final class OpenAiEndpoints {

    private OpenAiEndpoints() {}

    /** By the path below {@code /v1/}. */
    static Map<String, Endpoint> ofAll() {
        Map<String, Endpoint> all = new HashMap<>(TextEndpoints.ofAll());
        all.putAll(MediaEndpoints.ofAll());
        all.put("chat/completions", OpenAiEndpoints::chat);
        all.put("responses", OpenAiEndpoints::responses);
        return Map.copyOf(all);
    }

    private static Answer chat(Call call) {
        JsonObject json = call.json();
        Question question = ChatRequest.read(json);
        Script script = call.script(json);
        boolean usageInStream = Fields.isTrue(Fields.object(json, "stream_options"), "include_usage");
        Reply reply = Reply.to(question, script, call.number());
        return Answer.of(script, reply, new ChatWriter(reply, usageInStream), question.streamed());
    }

    private static Answer responses(Call call) {
        JsonObject json = call.json();
        Question question = ResponsesRequest.read(json);
        Script script = call.script(json);
        Reply reply = Reply.to(question, script, call.number());
        return Answer.of(script, reply, new ResponsesWriter(reply, json), question.streamed());
    }
}
