package io.newapi.server.relay;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A provider of live connections that says what a test wants. */
final class LiveUpstream {

    static final String GREETING = "{\"type\":\"session.created\",\"event_id\":\"e1\",\"session\":{\"id\":\"s\"}}";

    private final HttpServer server;
    private final BlockingQueue<Connection> opened = new LinkedBlockingQueue<>();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile int refusal;
    private volatile String said = "";

    private LiveUpstream(HttpServer server) {
        this.server = server;
    }

    /** Greets whoever comes. */
    static LiveUpstream start(Vertx vertx) {
        return start(vertx, GREETING);
    }

    /** @param greeting what it says first; empty for nothing */
    static LiveUpstream start(Vertx vertx, String greeting) {
        HttpServer server = vertx.createHttpServer(RealtimeSockets.served(new HttpServerOptions()));
        LiveUpstream upstream = new LiveUpstream(server);
        upstream.said = greeting;
        server.requestHandler(upstream::called);
        RelayHarness.await(server.listen(0, "127.0.0.1"));
        return upstream;
    }

    /** Refuses whoever comes. */
    static LiveUpstream refusing(Vertx vertx, int status, String body) {
        LiveUpstream upstream = start(vertx, body);
        upstream.refusal = status;
        return upstream;
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    int calls() {
        return calls.get();
    }

    private void called(HttpServerRequest request) {
        calls.incrementAndGet();
        if (refusal != 0) {
            request.response().setStatusCode(refusal).end(said);
            return;
        }
        request.toWebSocket().onSuccess(socket -> {
            Connection connection = new Connection(request.uri(), request.headers(), socket);
            if (!said.isEmpty()) {
                socket.writeTextMessage(said);
            }
            opened.add(connection);
        });
    }

    /** The connection that came next. */
    Connection next() {
        return Connection.taken(opened, "no connection came");
    }

    /** One connection, seen from the provider. */
    static final class Connection {
        private final String uri;
        private final MultiMap headers;
        private final ServerWebSocket socket;
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final CompletableFuture<Void> closed = new CompletableFuture<>();

        Connection(String uri, MultiMap headers, ServerWebSocket socket) {
            this.uri = uri;
            this.headers = headers;
            this.socket = socket;
            socket.textMessageHandler(heard::add);
            socket.binaryMessageHandler(bytes -> heard.add("bytes " + bytes));
            socket.closeHandler(end -> closed.complete(null));
            socket.exceptionHandler(broken -> {});
        }

        static <T> T taken(BlockingQueue<T> queue, String otherwise) {
            try {
                @Nullable T next = queue.poll(20, TimeUnit.SECONDS);
                if (next == null) {
                    throw new AssertionError(otherwise);
                }
                return next;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }

        String uri() {
            return uri;
        }

        @Nullable
        String header(String name) {
            return headers.get(name);
        }

        ServerWebSocket socket() {
            return socket;
        }

        String hears() {
            return taken(heard, "the provider heard nothing");
        }

        Connection says(String message) {
            socket.writeTextMessage(message);
            return this;
        }

        /** A turn of so many text units, all of them counted. */
        Connection turn(long textIn, long audioIn, long textOut, long audioOut) {
            return says("{\"type\":\"response.created\"}").says(done(textIn, audioIn, textOut, audioOut));
        }

        static String done(long textIn, long audioIn, long textOut, long audioOut) {
            return "{\"type\":\"response.done\",\"response\":{\"id\":\"r\",\"output\":[{\"usage\":1}],\"usage\":{"
                    + "\"total_tokens\":" + (textIn + audioIn + textOut + audioOut) + ",\"input_tokens\":"
                    + (textIn + audioIn) + ",\"output_tokens\":" + (textOut + audioOut)
                    + ",\"input_token_details\":{\"cached_tokens\":3,\"text_tokens\":" + textIn + ",\"audio_tokens\":"
                    + audioIn + "},\"output_token_details\":{\"text_tokens\":" + textOut + ",\"audio_tokens\":"
                    + audioOut + "}}}}";
        }

        void closes(int code, String reason) {
            socket.close((short) code, reason);
        }

        /** Ends the connection without a word. */
        void cut() {
            RealtimeSockets.cut(socket);
        }

        void awaitClosed() {
            RelayHarness.get(closed);
        }
    }
}
