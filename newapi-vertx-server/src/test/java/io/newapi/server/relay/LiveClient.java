package io.newapi.server.relay;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.lang.ref.Reference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/** A client of live connections. */
final class LiveClient {

    /** One that nobody holds any more closes its connections. */
    private final WebSocketClient client;

    private final WebSocket socket;
    private final BlockingQueue<String> heard;
    private final CompletableFuture<Integer> closed;

    private LiveClient(
            WebSocketClient client, WebSocket socket, BlockingQueue<String> heard, CompletableFuture<Integer> closed) {
        this.client = client;
        this.socket = socket;
        this.heard = heard;
        this.closed = closed;
    }

    static LiveClient connect(Vertx vertx, int port, String model) {
        return connect(vertx, port, model, Map.of("Authorization", "Bearer sk-" + RelayHarness.KEY), List.of());
    }

    static LiveClient connect(
            Vertx vertx, int port, String model, Map<String, String> headers, List<String> protocols) {
        WebSocketClient client = vertx.createWebSocketClient(
                new WebSocketClientOptions().setMaxFrameSize(64 * 1024 * 1024).setMaxMessageSize(64 * 1024 * 1024));
        ClientWebSocket socket = client.webSocket();
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        CompletableFuture<Integer> closed = new CompletableFuture<>();
        socket.textMessageHandler(heard::add);
        socket.binaryMessageHandler(bytes -> heard.add("bytes " + bytes));
        socket.exceptionHandler(broken -> {});
        socket.closeHandler(end -> closed.complete((int) socket.closeStatusCode()));
        WebSocketConnectOptions options = new WebSocketConnectOptions();
        options.setHost("127.0.0.1").setPort(port).setURI("/v1/realtime?model=" + model);
        headers.forEach(options::addHeader);
        protocols.forEach(options::addSubProtocol);
        CompletableFuture<WebSocket> opened =
                socket.connect(options).toCompletionStage().toCompletableFuture();
        try {
            return new LiveClient(client, RelayHarness.get(opened), heard, closed);
        } finally {
            Reference.reachabilityFence(client);
        }
    }

    /** The refusal of a connection. */
    static Refused refused(Vertx vertx, int port, String model, Map<String, String> headers) {
        try {
            connect(vertx, port, model, headers, List.of());
        } catch (AssertionError e) {
            Throwable cause = e;
            while (cause != null && !(cause instanceof UpgradeRejectedException)) {
                cause = cause.getCause();
            }
            if (cause instanceof UpgradeRejectedException rejected) {
                return new Refused(rejected.getStatus(), String.valueOf(rejected.getBody()));
            }
            throw e;
        }
        throw new AssertionError("the connection was accepted");
    }

    record Refused(int status, String body) {}

    String protocol() {
        return String.valueOf(socket.subProtocol());
    }

    String hears() {
        return LiveUpstream.Connection.taken(heard, "the client heard nothing");
    }

    /** The error that it hears next. */
    JsonObject hearsError() {
        JsonObject event = new JsonObject(hears());
        if (!"error".equals(event.getString("type"))
                || !event.getString("event_id").startsWith("evt_")) {
            throw new AssertionError("no error: " + event);
        }
        return event.getJsonObject("error");
    }

    LiveClient says(String message) {
        socket.writeTextMessage(message);
        return this;
    }

    LiveClient says(Buffer message) {
        socket.writeBinaryMessage(message);
        return this;
    }

    void closes() {
        socket.close();
    }

    WebSocket socket() {
        try {
            return socket;
        } finally {
            Reference.reachabilityFence(client);
        }
    }

    /** The code with which its end was closed. */
    int closed() {
        return RelayHarness.get(closed);
    }
}
