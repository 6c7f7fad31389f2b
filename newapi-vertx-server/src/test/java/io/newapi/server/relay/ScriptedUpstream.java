package io.newapi.server.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * An upstream that says byte for byte what a test wants, as impolitely as it wants. Requests are answered by a script;
 * without one the test takes the requests from {@link #next()} and answers them itself.
 */
final class ScriptedUpstream {

    private final NetServer server;
    private final Optional<Consumer<Reply>> script;
    private final BlockingQueue<Reply> waiting = new LinkedBlockingQueue<>();
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();

    private ScriptedUpstream(NetServer server, Optional<Consumer<Reply>> script) {
        this.server = server;
        this.script = script;
    }

    /** Answers nothing by itself. */
    static ScriptedUpstream start(Vertx vertx) {
        return start(vertx, Optional.empty());
    }

    static ScriptedUpstream start(Vertx vertx, Consumer<Reply> script) {
        return start(vertx, Optional.of(script));
    }

    private static ScriptedUpstream start(Vertx vertx, Optional<Consumer<Reply>> script) {
        NetServer server = vertx.createNetServer();
        ScriptedUpstream upstream = new ScriptedUpstream(server, script);
        server.connectHandler(upstream::connected);
        RelayHarness.await(server.listen(0, "127.0.0.1"));
        return upstream;
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    /** Listens no more. */
    void stop() {
        RelayHarness.await(server.close());
    }

    /** The request that came next and is not answered by a script. */
    Reply next() {
        try {
            Reply reply = waiting.poll(20, TimeUnit.SECONDS);
            if (reply == null) {
                throw new AssertionError("the upstream was not called");
            }
            return reply;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    int calls() {
        return bodies.size();
    }

    List<String> heads() {
        return heads;
    }

    List<String> bodies() {
        return bodies;
    }

    private void connected(NetSocket socket) {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        socket.closeHandler(end -> closed.complete(null));
        socket.exceptionHandler(failure -> {});
        Requests requests = new Requests();
        socket.handler(bytes -> requests.feed(bytes, (head, body) -> called(head, body, new Reply(socket, closed))));
    }

    /** Takes requests out of the bytes of a connection. */
    private static final class Requests {
        private Buffer received = Buffer.buffer();

        void feed(Buffer bytes, BiConsumer<String, String> whole) {
            received.appendBuffer(bytes);
            int headEnd = received.toString(ISO_8859_1).indexOf("\r\n\r\n");
            if (headEnd < 0) {
                return;
            }
            String head = received.getString(0, headEnd);
            int end = headEnd + 4 + contentLength(head);
            if (received.length() >= end) {
                String body = received.getString(headEnd + 4, end);
                received = received.getBuffer(end, received.length());
                whole.accept(head, body);
            }
        }
    }

    private void called(String head, String body, Reply reply) {
        heads.add(head);
        bodies.add(body);
        script.ifPresentOrElse(known -> known.accept(reply), () -> waiting.add(reply));
    }

    private static int contentLength(String head) {
        for (String line : head.split("\r\n", -1)) {
            if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                return Integer.parseInt(line.substring(15).strip());
            }
        }
        return 0;
    }

    /** The answer to one request. */
    static final class Reply {

        private final NetSocket socket;
        private final CompletableFuture<Void> closed;

        Reply(NetSocket socket, CompletableFuture<Void> closed) {
            this.socket = socket;
            this.closed = closed;
        }

        Reply raw(String bytes) {
            socket.write(Buffer.buffer(bytes.getBytes(UTF_8)));
            return this;
        }

        Reply streamHead() {
            return raw(String.join(
                    "\r\n",
                    "HTTP/1.1 200 OK",
                    "Content-Type: text/event-stream",
                    "Transfer-Encoding: chunked",
                    "X-Request-Id: up-1",
                    "Set-Cookie: secret=1",
                    "Server: upstream",
                    "",
                    ""));
        }

        /** A chunk of the body, as HTTP means it. */
        Reply chunk(String text) {
            return chunk(text.getBytes(UTF_8));
        }

        Reply chunk(byte[] bytes) {
            socket.write(Buffer.buffer(Integer.toHexString(bytes.length) + "\r\n")
                    .appendBytes(bytes)
                    .appendString("\r\n"));
            return this;
        }

        Reply event(String data) {
            return chunk("data: " + data + "\n\n");
        }

        Reply text(String content) {
            return event(Chat.delta(content));
        }

        Reply finish() {
            return event(Chat.FINISH);
        }

        Reply usage(long prompt, long completion) {
            return event(Chat.usage(prompt, completion));
        }

        Reply done() {
            return event("[DONE]");
        }

        /** The orderly end of a body in chunks. */
        Reply end() {
            return raw("0\r\n\r\n");
        }

        void whole(int status, String contentType, String body, String... headers) {
            StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " X\r\nContent-Type: " + contentType
                    + "\r\nContent-Length: " + body.getBytes(UTF_8).length + "\r\n");
            for (String header : headers) {
                head.append(header).append("\r\n");
            }
            raw(head + "\r\n" + body);
        }

        void json(int status, String body, String... headers) {
            whole(status, "application/json", body, headers);
        }

        /** Closes the connection, whatever was promised. */
        void cut() {
            socket.close();
        }

        /** Waits until the other side has closed the connection. */
        void awaitCut() {
            RelayHarness.get(closed);
        }

        boolean isCut() {
            return closed.isDone();
        }

        NetSocket socket() {
            return socket;
        }
    }
}
