package io.newapi.sandbox;

import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.List;

/** The formats of replies with one question in each, whose answer has three chunks and 77 tokens. */
enum EveryFormat {
    CHAT(
            "/v1/chat/completions",
            "{'messages':[{'role':'user','content':'x'}],'stream_options':{'include_usage':true}}"),
    AZURE(
            "/openai/deployments/m/chat/completions?api-version=2024-10-21",
            "{'messages':[{'role':'user','content':'x'}],'stream_options':{'include_usage':true}}"),
    RESPONSES("/v1/responses", "{'input':'x'}"),
    MESSAGES("/v1/messages", "{'max_tokens':99,'messages':[{'role':'user','content':'x'}]}"),
    GEMINI("/v1beta/models/m:streamGenerateContent?alt=sse", "{'contents':[{'parts':[{'text':'x'}]}]}");

    private static final String[] VERSION = {"anthropic-version", "2023-06-01"};

    private final String path;
    private final String body;

    EveryFormat(String path, String body) {
        this.path = path;
        this.body = body.replace('\'', '"');
    }

    HttpResponse<String> whole(Caller caller, String wishes) {
        return caller.post(wholePath(), unstreamed(wishes), VERSION);
    }

    HttpResponse<InputStream> openWhole(Caller caller, String wishes) {
        return caller.open(wholePath(), unstreamed(wishes), VERSION);
    }

    List<String> stream(Caller caller, String wishes) {
        return caller.stream(path, streamed(wishes), VERSION);
    }

    HttpResponse<String> rawStream(Caller caller, String wishes) {
        return caller.post(path, streamed(wishes), VERSION);
    }

    HttpResponse<InputStream> open(Caller caller, String wishes) {
        return caller.open(path, streamed(wishes), VERSION);
    }

    /** What the stream ends with when all is well. */
    String last() {
        return switch (this) {
            case CHAT, AZURE -> "[DONE]";
            case RESPONSES -> "response.completed";
            case MESSAGES -> "message_stop";
            case GEMINI -> "finishReason";
        };
    }

    /** What an error with status 503 has in it. */
    String unavailable() {
        return switch (this) {
            case CHAT, RESPONSES -> "\"type\":\"server_error\"";
            case AZURE -> "{\"error\":{\"code\":\"server_error\"";
            case MESSAGES -> "\"type\":\"api_error\"";
            case GEMINI -> "\"status\":\"UNAVAILABLE\"";
        };
    }

    private String wholePath() {
        return path.replace("streamGenerateContent?alt=sse", "generateContent");
    }

    private JsonObject unstreamed(String wishes) {
        JsonObject request = asking(wishes);
        request.remove("stream_options");
        return request;
    }

    private JsonObject streamed(String wishes) {
        JsonObject request = asking(wishes);
        return this == GEMINI ? request : request.put("stream", true);
    }

    private JsonObject asking(String wishes) {
        JsonObject wanted = new JsonObject()
                .put("content", "one two three")
                .put("prompt_tokens", 5)
                .put("completion_tokens", 77);
        JsonObject request =
                new JsonObject(body).put("sandbox", wanted.mergeIn(new JsonObject(wishes.replace('\'', '"'))));
        return this == GEMINI ? request : request.put("model", "m");
    }
}
