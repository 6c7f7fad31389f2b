package io.newapi.server;

import io.newapi.server.ops.Health;
import io.newapi.server.ops.Probes;
import io.newapi.server.relay.ConnectionCut;
import io.newapi.server.relay.RealtimeSockets;
import io.newapi.server.relay.RelayRoutes;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Listens for HTTP on one event loop; all instances share the port. Until it is told what to serve it answers only what is
 * asked of the node itself.
 */
final class HttpVerticle extends VerticleBase {

    private static final int MAX_HEADER_BYTES = 32 * 1024;
    private static final int MAX_LINE_BYTES = 16 * 1024;

    private static final Duration FIRST_REQUEST = Duration.ofSeconds(30);

    /** Longer than what load balancers usually keep a connection for, so that they close it first. */
    private static final Duration REST = Duration.ofSeconds(75);

    /** How long the last answers may take to get out. */
    private static final Duration LAST_ANSWERS = Duration.ofMillis(500);

    /** How long a client that was let in just before the end may take to say what it wants. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final int port;
    private final Probes probes;
    private final Health health;
    private @Nullable Services services;
    private @Nullable RelayRoutes relay;
    private @Nullable HttpServer server;
    private @Nullable ConnectionWatch watch;
    private @Nullable ListeningSocket socket;

    /** @param services what is served from the beginning; null: nothing yet */
    HttpVerticle(int port, Probes probes, Health health, @Nullable Services services) {
        this.port = port;
        this.probes = probes;
        this.health = health;
        this.services = services;
    }

    @Override
    public Future<?> start() {
        Services known = services;
        if (known != null) {
            relay = known.relay().apply(vertx);
        }
        HttpServerOptions options = RealtimeSockets.served(new HttpServerOptions()
                .setPort(port)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setMaxInitialLineLength(MAX_LINE_BYTES)
                .setHttp2ClearTextEnabled(false)
                .setTcpNoDelay(true));
        ConnectionWatch made = new ConnectionWatch(vertx, FIRST_REQUEST, REST);
        watch = made;
        HttpServer listening = vertx.createHttpServer(options)
                .connectionHandler(connection -> {
                    made.opened(connection);
                    if (socket == null) {
                        socket = ListeningSocket.of(connection);
                    }
                })
                .requestHandler(request -> dispatch(made, request));
        server = listening;
        return listening.listen();
    }

    @Override
    public Future<?> stop() {
        HttpServer listening = server;
        return listening == null
                ? Future.succeededFuture()
                : listening.shutdown(LAST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Serves from now on. May be called by any thread; the future ends when it does. */
    Future<Void> serve(Services wanted) {
        return onContext(() -> {
            relay = wanted.relay().apply(vertx);
            services = wanted;
            return null;
        });
    }

    /** Takes no more connections; those that are open stay. May be called by any thread. */
    Future<Void> closeListener() {
        return onContext(() -> socket).compose(known -> known == null ? Future.succeededFuture() : known.close());
    }

    /**
     * Ends when each connection has had its first request: whoever was let in is answered. Not later than some moments from
     * now. May be called by any thread.
     */
    Future<Void> allHeard() {
        return onContext(() -> watch)
                .compose(watching -> watching == null ? Future.succeededFuture() : watching.allHeard(LAST_WORDS));
    }

    /** Ends all connections, whatever is said on them. May be called by any thread. */
    Future<Void> cutAll() {
        return onContext(() -> {
            ConnectionWatch watching = watch;
            if (watching != null) {
                watching.connections().forEach(ConnectionCut::now);
            }
            return null;
        });
    }

    /** The port that is really listened on. */
    int actualPort() {
        HttpServer listening = server;
        if (listening == null) {
            throw new IllegalStateException("not listening yet");
        }
        return listening.actualPort();
    }

    private <T extends @Nullable Object> Future<T> onContext(Supplier<T> work) {
        return Future.future(promise -> context.runOnContext(now -> {
            try {
                promise.complete(work.get());
            } catch (RuntimeException e) {
                promise.fail(e);
            }
        }));
    }

    private void dispatch(ConnectionWatch watching, HttpServerRequest request) {
        HttpServerResponse response = request.response();
        // asked when the answer begins: a call that was long under way says it too
        response.headersEndHandler(head -> {
            if (health.isStopping()) {
                response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            }
        });
        Services known = services;
        RelayRoutes routes = relay;
        if (probes.serve(request)) {
            watching.request(request, true);
        } else if (known == null || routes == null) {
            watching.request(request, true);
            probes.refuseStarting(request);
        } else {
            watching.request(request, false);
            if (!routes.serve(request)) {
                watching.request(request, true);
                known.router().handle(request);
            }
        }
    }
}
