package io.newapi.core.quota;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Until when a writer may spend from its slices. Whoever takes from a cell looks here <em>afterwards</em>: a look before
 * proves nothing, since the process may have been stopped in between. Thread-safe.
 */
final class LeaseDeadline {

    private final LedgerClock clock;
    private final Duration lease;
    private final LedgerListener listener;

    private volatile long endNanos;
    private volatile long beginMillis;
    private volatile long endMillis;
    private volatile @Nullable String ended;

    LeaseDeadline(LedgerClock clock, Duration lease, LedgerListener listener) {
        this.clock = clock;
        this.lease = lease;
        this.listener = listener;
        extend(clock.nanoTime(), clock.wallMillis());
    }

    /** Counts the lease anew, from what the clocks showed before the exchange was sent that renewed it. */
    void extend(long fromNanos, long fromMillis) {
        endNanos = fromNanos + lease.toNanos();
        beginMillis = lease.equals(LedgerSettings.NO_DEADLINE) ? Long.MIN_VALUE : fromMillis;
        endMillis = fromMillis + lease.toMillis();
    }

    /** Ends it for good. */
    void end(String reason) {
        if (ended == null) {
            ended = reason;
            listener.ended(reason);
        }
    }

    /** Why it ended for good; null while it may still be extended. */
    @Nullable
    String ended() {
        return ended;
    }

    /**
     * Whether it has passed, also by the wall clock: that one notices a machine that slept, while the other stood still. A
     * wall clock that shows an earlier time than at the last exchange proves nothing any more: a machine may have forgotten
     * the time of day in its sleep. Then the next exchange, which follows at once, begins anew.
     *
     * @param nowNanos what the monotonic clock shows now
     */
    boolean passed(long nowNanos) {
        if (ended != null || nowNanos - endNanos >= 0) {
            return true;
        }
        long wall = clock.wallMillis();
        return wall >= endMillis || wall < beginMillis;
    }
}
