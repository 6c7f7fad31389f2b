package io.newapi.server;

import io.newapi.server.relay.RelayRoutes;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Listens for HTTP on one event loop; all instances share the port. */
final class HttpVerticle extends VerticleBase {

    private static final int MAX_HEADER_BYTES = 32 * 1024;
    private static final int MAX_LINE_BYTES = 16 * 1024;

    private static final Duration FIRST_REQUEST = Duration.ofSeconds(30);

    /** Longer than what load balancers usually keep a connection for, so that they close it first. */
    private static final Duration REST = Duration.ofSeconds(75);

    private final int port;
    private final Function<Vertx, RelayRoutes> relay;
    private final Router router;
    private @Nullable HttpServer server;

    HttpVerticle(int port, Function<Vertx, RelayRoutes> relay, Router router) {
        this.port = port;
        this.relay = relay;
        this.router = router;
    }

    @Override
    public Future<?> start() {
        RelayRoutes routes = relay.apply(vertx);
        HttpServerOptions options = new HttpServerOptions()
                .setPort(port)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setMaxInitialLineLength(MAX_LINE_BYTES)
                .setHttp2ClearTextEnabled(false)
                .setTcpNoDelay(true);
        ConnectionWatch watch = new ConnectionWatch(vertx, FIRST_REQUEST, REST);
        HttpServer made = vertx.createHttpServer(options)
                .connectionHandler(watch::opened)
                .requestHandler(request -> dispatch(routes, watch, request));
        server = made;
        return made.listen();
    }

    /** The port that is really listened on. */
    int actualPort() {
        HttpServer listening = server;
        if (listening == null) {
            throw new IllegalStateException("not listening yet");
        }
        return listening.actualPort();
    }

    private void dispatch(RelayRoutes routes, ConnectionWatch watch, HttpServerRequest request) {
        watch.request(request, false);
        if (!routes.serve(request)) {
            watch.request(request, true);
            router.handle(request);
        }
    }
}
