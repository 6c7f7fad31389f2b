package io.newapi.server.relay;

import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What an attempt needs of the node around it.
 *
 * @param vertx timers
 * @param clients the pools of connections to upstreams
 * @param settings bounds
 * @param settling books what a call used
 * @param drains how many answers are being read for clients that have gone, on all event loops
 * @param sockets what live connections need
 */
public record Upstream(
        Vertx vertx,
        UpstreamClients clients,
        RelaySettings settings,
        Settling settling,
        AtomicInteger drains,
        RealtimeSockets sockets) {

    /** Whether one more answer may be read to its end for a client that has gone; if so it is counted. */
    boolean mayDrain() {
        if (settings.onClientGone() != RelaySettings.OnClientGone.DRAIN) {
            return false;
        }
        if (drains.incrementAndGet() > settings.maxDrains()) {
            drains.decrementAndGet();
            return false;
        }
        return true;
    }

    void drained() {
        drains.decrementAndGet();
    }
}
