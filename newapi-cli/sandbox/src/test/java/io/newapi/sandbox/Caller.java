package io.newapi.sandbox;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;

/** A client of the sandbox, over real HTTP. */
final class Caller {

    private static final String CHAT = "/v1/chat/completions";

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
        return post(CHAT, body, headers);
    }

    HttpResponse<String> post(String path, JsonObject body, String... headers) {
        return send(request(path, body, headers), HttpResponse.BodyHandlers.ofString());
    }

    /**
     * The data of all events, and then what the connection did: "end" or "cut". Lines are taken as they come: a stream of
     * lines to be pulled would forget those that nobody has pulled when the connection is cut.
     */
    List<String> stream(JsonObject body) {
        return stream(CHAT, body.copy().put("stream", true));
    }

    /** The same of any path; the body says by itself that a stream is wanted. */
    List<String> stream(String path, JsonObject body, String... headers) {
        Events events = new Events();
        try {
            send(request(path, body, headers), HttpResponse.BodyHandlers.fromLineSubscriber(events));
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

    HttpResponse<byte[]> bytes(String path, JsonObject body) {
        return send(request(path, body), HttpResponse.BodyHandlers.ofByteArray());
    }

    byte[] download(String url) {
        return send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofByteArray())
                .body();
    }

    /** Posts a form with one file of {@code field}, and fields as names and values in turn. */
    HttpResponse<String> form(String path, String field, byte[] file, String... fields) {
        StringBuilder form = new StringBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            form.append("--limit\r\nContent-Disposition: form-data; name=\"" + fields[i] + "\"\r\n\r\n");
            form.append(fields[i + 1]).append("\r\n");
        }
        form.append("--limit\r\nContent-Disposition: form-data; name=\"" + field + "\"; filename=\"a.wav\"\r\n")
                .append("Content-Type: application/octet-stream\r\n\r\n")
                .append(new String(file, StandardCharsets.ISO_8859_1))
                .append("\r\n--limit--\r\n");
        HttpRequest request = HttpRequest.newBuilder(URI.create(sandbox.url() + path))
                .header("Content-Type", "multipart/form-data; boundary=limit")
                .POST(HttpRequest.BodyPublishers.ofString(form.toString(), StandardCharsets.ISO_8859_1))
                .build();
        return send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** The body of what is there. */
    String get(String path, String... headers) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(sandbox.url() + path))
                .headers(headers)
                .build();
        return send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    HttpResponse<InputStream> open(String path, JsonObject body, String... headers) {
        return send(request(path, body, headers), HttpResponse.BodyHandlers.ofInputStream());
    }

    HttpResponse<String> call(String method, String path, String body) {
        HttpRequest.BodyPublisher publisher = HttpRequest.BodyPublishers.ofString(body);
        return send(
                HttpRequest.newBuilder(URI.create(sandbox.url() + path))
                        .method(method, publisher)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String path, JsonObject body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(sandbox.url() + path))
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
