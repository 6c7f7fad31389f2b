package io.newapi.core.channel;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The health of one channel or key. Thread-safe: outcomes are counted under a lock that is held for a few instructions,
 * reading the state takes none.
 */
final class Vital {

    /** From one state to another. */
    record Change(HealthState before, HealthState after) {}

    private final OutcomeWindow window = new OutcomeWindow();
    private boolean forgotten;
    private volatile HealthState state = HealthState.Healthy.INSTANCE;

    HealthState state() {
        return state;
    }

    synchronized @Nullable Change succeeded(long startedNanos, long nowNanos, HealthSettings settings) {
        Change change = become(state.succeeded(startedNanos));
        if (change != null) {
            window.clear();
        }
        window.succeeded(nowNanos, settings.window());
        return change;
    }

    synchronized @Nullable Change failed(
            long startedNanos, long nowNanos, Duration retryAfter, HealthSettings settings) {
        window.failed(nowNanos, settings.window());
        boolean tooOften = settings.tooMany(window.failures(), window.successes())
                || (settings.retryAfterAtOnce() && !settings.bounded(retryAfter).isZero());
        return become(state.failed(startedNanos, nowNanos, retryAfter, tooOften, settings));
    }

    synchronized @Nullable Change abandoned(long startedNanos, long nowNanos) {
        return become(state.abandoned(startedNanos, nowNanos));
    }

    /** Makes the caller the one that probes; null if it is not due, or another was faster. */
    synchronized @Nullable Change probed(long nowNanos) {
        return become(state.probed(nowNanos));
    }

    /** From now on nothing changes any more. Says whether it was not well. */
    synchronized boolean forget() {
        boolean unwell = !forgotten && state != HealthState.Healthy.INSTANCE;
        forgotten = true;
        return unwell;
    }

    private @Nullable Change become(HealthState after) {
        HealthState before = state;
        if (forgotten || after == before) {
            return null;
        }
        state = after;
        return new Change(before, after);
    }
}
