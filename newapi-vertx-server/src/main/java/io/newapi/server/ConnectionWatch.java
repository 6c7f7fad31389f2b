package io.newapi.server;

import io.newapi.server.relay.ConnectionCut;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections of clients that take a place and do nothing with it: that send no whole request after they have
 * connected, or after their last answer. A request that is being answered is left alone, however long that takes: whoever
 * answers it watches over it. Confined to one event loop.
 *
 * <p>Each connection is looked at once in a while; one that is found resting twice, since the same request, is closed. So it
 * costs no timer for each request, and a connection rests between one and two periods.
 */
final class ConnectionWatch {

    /** The status with which a connection becomes a socket; whoever serves that watches over it. */
    private static final int SOCKET = 101;

    private final Vertx vertx;
    private final Duration firstRequest;
    private final Duration rest;
    private final Map<HttpConnection, Watched> watched = new HashMap<>();
    private @Nullable Promise<Void> allHeard;

    /**
     * @param firstRequest how long a client may take from connecting to the end of its first request's head
     * @param rest how long a connection may rest at least
     */
    ConnectionWatch(Vertx vertx, Duration firstRequest, Duration rest) {
        this.vertx = vertx;
        this.firstRequest = firstRequest;
        this.rest = rest;
    }

    /** Watches a new connection; it sets the connection's close handler. */
    void opened(HttpConnection connection) {
        Watched made = new Watched(connection);
        watched.put(connection, made);
        Runnable closed = () -> {
            watched.remove(connection);
            vertx.cancelTimer(made.timer);
            lookWhetherAllAreHeard();
        };
        if (connection instanceof ConnectionBase base) {
            // a connection that has become a socket does not tell its handler any more
            var unused = base.channelHandlerContext().channel().closeFuture().addListener(end -> closed.run());
        } else {
            connection.closeHandler(end -> closed.run());
        }
    }

    /**
     * Ends when each connection that is open has had its first request, or was closed.
     *
     * @param patience after how long it ends in any case
     */
    Future<Void> allHeard(Duration patience) {
        Promise<Void> heard = Promise.promise();
        allHeard = heard;
        long timer = vertx.setTimer(patience.toMillis(), fired -> heard.tryComplete());
        lookWhetherAllAreHeard();
        return heard.future().onComplete(ended -> vertx.cancelTimer(timer));
    }

    private void lookWhetherAllAreHeard() {
        Promise<Void> waiting = allHeard;
        if (waiting != null && watched.values().stream().allMatch(connection -> connection.latest != null)) {
            waiting.tryComplete();
        }
    }

    /** Those that are open now. */
    List<HttpConnection> connections() {
        return List.copyOf(watched.keySet());
    }

    /**
     * A request has come.
     *
     * @param bodyAwaited whether nobody else watches over the coming of its body
     */
    void request(HttpServerRequest request, boolean bodyAwaited) {
        Watched connection = watched.get(request.connection());
        if (connection != null) {
            connection.latest = request;
            connection.bodyAwaited = bodyAwaited;
            lookWhetherAllAreHeard();
        }
    }

    private final class Watched {
        private final HttpConnection connection;
        private @Nullable HttpServerRequest latest;
        private boolean bodyAwaited;
        private @Nullable HttpServerRequest foundResting;
        private long timer;

        private Watched(HttpConnection connection) {
            this.connection = connection;
            this.timer = vertx.setTimer(firstRequest.toMillis(), fired -> look());
        }

        private void look() {
            HttpServerRequest request = latest;
            if (request == null) {
                ConnectionCut.now(connection);
                return;
            }
            boolean resting = (request.response().ended() && request.response().getStatusCode() != SOCKET)
                    || (bodyAwaited && !request.isEnded());
            if (resting && request == foundResting) {
                ConnectionCut.now(connection);
                return;
            }
            foundResting = resting ? request : null;
            timer = vertx.setTimer(rest.toMillis(), fired -> look());
        }
    }
}
