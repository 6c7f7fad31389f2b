package io.newapi.sandbox;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
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

    /**
     * The data of all events, and then what the connection did: "end" or "cut". Lines are taken as they come: a stream of
     * lines to be pulled would forget those that nobody has pulled when the connection is cut.
     */
    List<String> stream(JsonObject body) {
        Events events = new Events();
        try {
            send(post(body.copy().put("stream", true)), HttpResponse.BodyHandlers.fromLineSubscriber(events));
            events.seen.add("end");
        } catch (UncheckedIOException cut) {
            events.seen.add("cut");
        }
        return events.seen;
    }

    /** Gathers the data of events. */
    private static final class Events implements Flow.Subscriber<String> {
        private final List<String> seen = new CopyOnWriteArrayList<>();

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String line) {
            if (line.startsWith("data: ")) {
                seen.add(line.substring("data: ".length()));
            }
        }

        @Override
        public void onError(Throwable cut) {}

        @Override
        public void onComplete() {}
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
