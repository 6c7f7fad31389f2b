package io.newapi.sandbox;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A client of the sandbox, over real HTTP. */
final class Caller {

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Sandbox sandbox;

    Caller(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    /** A request for one user message. */
    static JsonObject saying(String text) {
        return new JsonObject("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}");
    }

    HttpResponse<String> chat(JsonObject body, String... headers) {
        return send(post(body, headers), HttpResponse.BodyHandlers.ofString());
    }

    /** The data of all events, and then what the connection did: "end" or "cut". */
    List<String> stream(JsonObject body) {
        List<String> events = new ArrayList<>();
        try (Stream<String> lines = open(body).body()) {
            lines.filter(line -> line.startsWith("data: "))
                    .map(line -> line.substring("data: ".length()))
                    .forEach(events::add);
            events.add("end");
        } catch (UncheckedIOException cut) {
            events.add("cut");
        }
        return events;
    }

    HttpResponse<Stream<String>> open(JsonObject body) {
        return send(post(body.copy().put("stream", true)), HttpResponse.BodyHandlers.ofLines());
    }

    HttpResponse<String> call(String method, String path, String body) {
        HttpRequest.BodyPublisher publisher = HttpRequest.BodyPublishers.ofString(body);
        return send(
                HttpRequest.newBuilder(URI.create(sandbox.url() + path))
                        .method(method, publisher)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest post(JsonObject body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(sandbox.url() + "/v1/chat/completions"))
                .POST(HttpRequest.BodyPublishers.ofString(body.encode()));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request, handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
