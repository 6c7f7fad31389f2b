package io.newapi.server.e2e;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Sends chat calls by hand, many at once. */
final class ChatClient {

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String base;
    private final String key;

    ChatClient(String base, String key) {
        this.base = base;
        this.key = key;
    }

    /** A body that asks {@code model} for an answer, with instructions for the mock upstream. */
    static JsonObject body(String model, JsonObject sandbox) {
        return new JsonObject()
                .put("model", model)
                .put(
                        "messages",
                        new JsonArray().add(new JsonObject().put("role", "user").put("content", "hello")))
                .put("sandbox", sandbox);
    }

    CompletableFuture<HttpResponse<String>> send(JsonObject body) {
        return http.sendAsync(request(body), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> ask(JsonObject body) {
        return send(body).join();
    }

    /** Sends {@code count} equal calls at once and waits for all answers. */
    List<HttpResponse<String>> askAtOnce(int count, JsonObject body) {
        List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sent.add(send(body));
        }
        return sent.stream().map(CompletableFuture::join).toList();
    }

    private HttpRequest request(JsonObject body) {
        return HttpRequest.newBuilder(URI.create(base + "/v1/chat/completions"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                .build();
    }
}
