package io.newapi.core.quota;

import java.time.Duration;

/**
 * The pause that follows a failure: twice as long as the one before, up to a longest, until something succeeds. For one
 * thread.
 */
final class GrowingPause {

    private final Duration first;
    private final Duration longest;
    private int failures;
    private long endNanos;

    GrowingPause(Duration first, Duration longest, long nowNanos) {
        this.first = first;
        this.longest = longest;
        this.endNanos = nowNanos;
    }

    /** Begins after another failure; returns how long it is. */
    Duration begin(long nowNanos) {
        long nanos = Math.min(first.toNanos() << Math.min(failures, 10), longest.toNanos());
        failures++;
        endNanos = nowNanos + nanos;
        return Duration.ofNanos(nanos);
    }

    /** The next one is short again; one that lasts is not cut. */
    void succeeded() {
        failures = 0;
    }

    boolean isOver(long nowNanos) {
        return nowNanos - endNanos >= 0;
    }

    /** How long it still lasts, in nanoseconds; negative when it is over. */
    long nanosLeft(long nowNanos) {
        return endNanos - nowNanos;
    }
}
