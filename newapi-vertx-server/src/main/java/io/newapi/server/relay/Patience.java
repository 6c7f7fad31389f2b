package io.newapi.server.relay;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Watches somebody who is waited for: how long they are silent, and how long it takes in all. A limit of zero is none.
 *
 * <p>One timer at a time, set again only when it fires: a sign of life costs a look at the clock. Confined to one event
 * loop.
 */
final class Patience {

    /** What has run out. */
    enum Lost {
        /** Nothing came for too long. */
        SILENCE,
        /** It took too long in all. */
        TOTAL
    }

    private static final long NO_TIMER = -1;
    private static final long NO_LIMIT = Long.MAX_VALUE;

    private final Vertx vertx;
    private final Consumer<Lost> whenLost;
    private final long startNanos;
    private final long totalNanos;
    private long silenceNanos = NO_LIMIT;
    private long lastSignNanos;
    private long timer = NO_TIMER;
    private boolean over;

    Patience(Vertx vertx, Duration total, Consumer<Lost> whenLost) {
        this(vertx, total, System.nanoTime(), whenLost);
    }

    /** @param startNanos since when {@code total} counts, by {@link System#nanoTime} */
    Patience(Vertx vertx, Duration total, long startNanos, Consumer<Lost> whenLost) {
        this.vertx = vertx;
        this.startNanos = startNanos;
        this.lastSignNanos = startNanos;
        this.totalNanos = limit(total);
        this.whenLost = whenLost;
    }

    /** From now on, this much silence is too much. */
    void allowSilence(Duration longest) {
        if (over) {
            return;
        }
        silenceNanos = limit(longest);
        lastSignNanos = System.nanoTime();
        arm(lastSignNanos);
    }

    /** They have shown a sign of life. */
    void sign() {
        lastSignNanos = System.nanoTime();
    }

    /** Nobody is waited for any more. */
    void stop() {
        over = true;
        disarm();
    }

    private void arm(long now) {
        disarm();
        long left = left(now);
        if (left != NO_LIMIT) {
            timer = vertx.setTimer(Math.max(1, Duration.ofNanos(left).toMillis() + 1), fired -> fired());
        }
    }

    private void disarm() {
        if (timer != NO_TIMER) {
            vertx.cancelTimer(timer);
            timer = NO_TIMER;
        }
    }

    private long left(long now) {
        long ofTotal = totalNanos == NO_LIMIT ? NO_LIMIT : totalNanos - (now - startNanos);
        long ofSilence = silenceNanos == NO_LIMIT ? NO_LIMIT : silenceNanos - (now - lastSignNanos);
        return Math.min(ofTotal, ofSilence);
    }

    private void fired() {
        timer = NO_TIMER;
        if (over) {
            return;
        }
        long now = System.nanoTime();
        if (left(now) > 0) {
            arm(now);
            return;
        }
        over = true;
        whenLost.accept(now - startNanos >= totalNanos ? Lost.TOTAL : Lost.SILENCE);
    }

    private static long limit(Duration duration) {
        return duration.isZero() || duration.isNegative() ? NO_LIMIT : duration.toNanos();
    }
}
