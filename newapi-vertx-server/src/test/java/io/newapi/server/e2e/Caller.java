package io.newapi.server.e2e;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** A plain HTTP client that makes chat calls, many at a time. */
final class Caller {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI chat;

    /** @param url a node, without a slash at the end */
    Caller(String url) {
        this.chat = URI.create(url + "/v1/chat/completions");
    }

    /** A request for one answer to {@code question}. */
    static JsonObject question(String model, String question) {
        return new JsonObject()
                .put("model", model)
                .put(
                        "messages",
                        new JsonArray().add(new JsonObject().put("role", "user").put("content", question)));
    }

    /** Fails if the connection breaks before the answer's end. */
    CompletableFuture<Reply> send(Key key, JsonObject body) {
        return client.sendAsync(request(key, body), BodyHandlers.ofString()).thenApply(Caller::reply);
    }

    Reply call(Key key, JsonObject body) {
        return send(key, body).join();
    }

    /** The same call many times at once; all answers. */
    List<Reply> together(int times, Key key, JsonObject body) {
        return together(times, List.of(key), body);
    }

    /** The same, with the keys taking turns. */
    List<Reply> together(int times, List<Key> keys, JsonObject body) {
        List<CompletableFuture<Reply>> replies = IntStream.range(0, times)
                .mapToObj(number -> send(keys.get(number % keys.size()), body))
                .toList();
        return replies.stream().map(CompletableFuture::join).toList();
    }

    private HttpRequest request(Key key, JsonObject body) {
        return HttpRequest.newBuilder(chat)
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + key.text())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.encode()))
                .build();
    }

    private static Reply reply(HttpResponse<String> response) {
        String requestId = response.headers().firstValue("X-Oneapi-Request-Id").orElse("");
        return new Reply(response.statusCode(), requestId, response.body());
    }
}
