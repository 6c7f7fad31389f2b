package io.newapi.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.newapi.cli.client.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An admin API on a free port: it answers what the test told it to, in order, and remembers what it was asked. */
final class FakeGateway implements AutoCloseable {

    /** What was received; {@code path} includes the query. */
    record Request(String method, String path, Map<String, String> headers, String body) {

        JsonNode json() {
            try {
                return Json.parse(body.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String line() {
            return method + " " + path;
        }
    }

    private record Answer(int status, String body, Map<String, String> headers) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Deque<Answer>> answers = new HashMap<>();
    private final List<Request> requests = new ArrayList<>();

    FakeGateway() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Answers {@code METHOD /path} with success and this data; the last answer for a path is repeated. */
    FakeGateway on(String line, String data) {
        return onAnswer(line, 200, "{\"success\":true,\"message\":\"\",\"data\":" + data + "}");
    }

    FakeGateway onRefusal(String line, String message, String code) {
        String envelope = "{\"success\":false,\"message\":\"" + message + "\"";
        return onAnswer(line, 200, envelope + (code.isEmpty() ? "}" : ",\"code\":\"" + code + "\"}"));
    }

    FakeGateway onAnswer(String line, int status, String body, String... headers) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            map.put(headers[i], headers[i + 1]);
        }
        synchronized (requests) {
            answers.computeIfAbsent(line, key -> new ArrayDeque<>()).add(new Answer(status, body, map));
        }
        return this;
    }

    List<Request> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    List<String> lines() {
        return requests().stream().map(Request::line).toList();
    }

    Request request(String line) {
        return requests().stream()
                .filter(request -> request.line().equals(line))
                .findFirst()
                .orElseThrow(() -> new AssertionError(line + " was not called, but " + lines()));
    }

    private void handle(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values.get(0)));
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Request request = new Request(
                exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, body);
        Answer answer = answer(request, exchange.getRequestURI().getPath());
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private Answer answer(Request request, String path) {
        synchronized (requests) {
            requests.add(request);
            Deque<Answer> queue = answers.get(request.method() + " " + path);
            if (queue == null) {
                String error = "{\"error\":{\"message\":\"Invalid URL (" + request.line()
                        + ")\",\"type\":\"invalid_request_error\",\"param\":\"\",\"code\":\"\"}}";
                return new Answer(404, error, Map.of());
            }
            return queue.size() > 1 ? queue.remove() : queue.element();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
