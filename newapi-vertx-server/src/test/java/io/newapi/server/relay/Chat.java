package io.newapi.server.relay;

import io.newapi.server.relay.wire.ClientRequest;
import io.newapi.server.relay.wire.WireFormat;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;

/** Texts in OpenAI's chat format. */
final class Chat {

    static final String MODEL = "test-model";
    static final String FINISH = new JsonObject()
            .put("id", "c")
            .put("object", "chat.completion.chunk")
            .put(
                    "choices",
                    new JsonArray()
                            .add(new JsonObject()
                                    .put("index", 0)
                                    .put("delta", new JsonObject())
                                    .put("finish_reason", "stop")))
            .encode();

    private Chat() {}

    static String request(boolean stream) {
        return request(stream, "Say hello to the world");
    }

    static String request(boolean stream, String prompt) {
        return new JsonObject()
                .put("model", MODEL)
                .put(
                        "messages",
                        new JsonArray().add(new JsonObject().put("role", "user").put("content", prompt)))
                .put("stream", stream)
                .encode();
    }

    static String requestWithUsage() {
        return new JsonObject(request(true))
                .put("stream_options", new JsonObject().put("include_usage", true))
                .encode();
    }

    static String delta(String content) {
        return new JsonObject()
                .put("id", "c")
                .put("object", "chat.completion.chunk")
                .put(
                        "choices",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("index", 0)
                                        .put("delta", new JsonObject().put("content", content))
                                        .putNull("finish_reason")))
                .encode();
    }

    static String usage(long prompt, long completion) {
        return new JsonObject()
                .put("id", "c")
                .put("object", "chat.completion.chunk")
                .put("choices", new JsonArray())
                .put(
                        "usage",
                        new JsonObject()
                                .put("prompt_tokens", prompt)
                                .put("completion_tokens", completion)
                                .put("total_tokens", prompt + completion))
                .encode();
    }

    static String completion(String content, long prompt, long completion) {
        return new JsonObject()
                .put("id", "c")
                .put("object", "chat.completion")
                .put(
                        "choices",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("index", 0)
                                        .put(
                                                "message",
                                                new JsonObject()
                                                        .put("role", "assistant")
                                                        .put("content", content))
                                        .put("finish_reason", "stop")))
                .put("usage", new JsonObject().put("prompt_tokens", prompt).put("completion_tokens", completion))
                .encode();
    }

    static String error(String message) {
        return new JsonObject()
                .put("error", new JsonObject().put("message", message).put("type", "server_error"))
                .encode();
    }

    /** What the prompt of a request is estimated at. */
    static long estimatedPrompt(String request) {
        return ClientRequest.scan(WireFormat.CHAT, request.getBytes(StandardCharsets.UTF_8))
                .match(ClientRequest::estimatedPromptTokens, refused -> {
                    throw new AssertionError(refused);
                });
    }
}
