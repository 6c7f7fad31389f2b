package io.newapi.server.relay;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;

/**
 * Tells the client of a stream now and then, while nothing else comes, that its answer is still being made: in between there are
 * programs that end a connection on which nothing moves. It begins before the upstream's first byte; the status of the
 * answer is then given, and an error that follows can only be an event.
 *
 * <p>One timer at a time, set again only when it fires. Confined to the exchange's event loop.
 */
final class Pings implements AutoCloseable {

    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final Call call;
    private final long intervalNanos;
    private long timer = NO_TIMER;
    private boolean over;

    private Pings(Vertx vertx, Call call) {
        this.vertx = vertx;
        this.call = call;
        this.intervalNanos = call.world().options().pingInterval().toNanos();
    }

    /** Begins, if the client wants a stream and the operator wants pings. */
    static Pings of(Vertx vertx, Call call) {
        Pings pings = new Pings(vertx, call);
        if (pings.intervalNanos > 0 && call.request().stream()) {
            pings.await(pings.intervalNanos);
        } else {
            pings.over = true;
        }
        return pings;
    }

    private void await(long nanos) {
        timer = vertx.setTimer(Math.max(1, nanos / 1_000_000), fired -> fired());
    }

    private void fired() {
        timer = NO_TIMER;
        Exchange exchange = call.exchange();
        if (over || exchange.clientGone() || exchange.response().ended()) {
            return;
        }
        long silent = System.nanoTime() - exchange.streamedNanos();
        if (silent < intervalNanos) {
            await(intervalNanos - silent);
            return;
        }
        if (exchange.betweenEvents()) {
            Buffer ping = exchange.framing().ping(call.request().format());
            exchange.stream(ping, false);
        }
        await(intervalNanos);
    }

    /** Nothing is said any more. */
    @Override
    public void close() {
        over = true;
        if (timer != NO_TIMER) {
            vertx.cancelTimer(timer);
            timer = NO_TIMER;
        }
    }
}
