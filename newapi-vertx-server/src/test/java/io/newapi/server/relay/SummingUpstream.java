package io.newapi.server.relay;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/** An upstream that keeps nothing of what it is sent but its length and checksum, as {@link LargeBodies#sum} says them. */
final class SummingUpstream {

    private final HttpServer server;
    private final List<String> sums = new CopyOnWriteArrayList<>();
    private final BlockingQueue<HttpServerRequest> begun = new LinkedBlockingQueue<>();

    private SummingUpstream(HttpServer server) {
        this.server = server;
    }

    /** Reads whatever comes, and answers then. */
    static SummingUpstream start(Vertx vertx, int status, String answer) {
        return start(vertx, request -> {}, status, answer);
    }

    /** @param first what is done with a request before it is read */
    static SummingUpstream start(Vertx vertx, Handler<HttpServerRequest> first, int status, String answer) {
        HttpServer server = vertx.createHttpServer();
        SummingUpstream upstream = new SummingUpstream(server);
        server.requestHandler(request -> {
            CRC32C sum = new CRC32C();
            long[] length = {0};
            request.exceptionHandler(cut -> {});
            request.handler(bytes -> {
                sum.update(bytes.getBytes());
                length[0] += bytes.length();
            });
            request.endHandler(end -> {
                upstream.sums.add(length[0] + " bytes " + Long.toHexString(sum.getValue()));
                request.response()
                        .setStatusCode(status)
                        .putHeader("Content-Type", "application/json")
                        .end(answer);
            });
            first.handle(request);
            upstream.begun.add(request);
        });
        RelayHarness.await(server.listen(0, "127.0.0.1"));
        return upstream;
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    /** What was read as a whole. */
    List<String> sums() {
        return sums;
    }

    /** The request that has begun next. */
    HttpServerRequest next() {
        try {
            HttpServerRequest request = begun.poll(20, TimeUnit.SECONDS);
            if (request == null) {
                throw new AssertionError("the upstream was not called");
            }
            return request;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
