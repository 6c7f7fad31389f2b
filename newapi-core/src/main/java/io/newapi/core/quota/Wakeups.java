package io.newapi.core.quota;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * When a teller runs: regularly, and earlier where somebody has a reason. All who have the same reason before it runs share
 * that run.
 *
 * <p>{@link #now} and {@link #toBook} may be called by any thread; everything else belongs to the teller's.
 */
final class Wakeups {

    private static final Duration SHORTEST_TICK = Duration.ofMillis(10);
    private static final Duration LONGEST_TICK = Duration.ofMillis(250);

    private final TellerThread thread;
    private final LedgerSettings settings;
    private final Runnable run;
    private final Runnable runToBook;
    private final AtomicBoolean runPending = new AtomicBoolean();
    private final AtomicBoolean bookingPending = new AtomicBoolean();
    private long nextTryNanos = Long.MAX_VALUE;

    /** @param runToBook looks at everything too, at what was settled in any case */
    Wakeups(TellerThread thread, LedgerSettings settings, Runnable run, Runnable runToBook) {
        this.thread = thread;
        this.settings = settings;
        this.run = run;
        this.runToBook = runToBook;
    }

    /** Often enough for nobody to wait much beyond the patience; also after a run that failed, and until {@code ended}. */
    void regularly(BooleanSupplier ended) {
        thread.executeAfter(tick(), () -> {
            try {
                run.run();
            } finally {
                if (!ended.getAsBoolean()) {
                    regularly(ended);
                }
            }
        });
    }

    private Duration tick() {
        Duration quarter = settings.patience().dividedBy(4);
        Duration atLeast = quarter.compareTo(SHORTEST_TICK) < 0 ? SHORTEST_TICK : quarter;
        return atLeast.compareTo(LONGEST_TICK) > 0 ? LONGEST_TICK : atLeast;
    }

    void now() {
        if (!runPending.get() && runPending.compareAndSet(false, true)) {
            thread.execute(() -> {
                runPending.set(false);
                run.run();
            });
        }
    }

    /** When what was settled now has waited for its neighbours. */
    void toBook() {
        if (!bookingPending.get() && bookingPending.compareAndSet(false, true)) {
            thread.executeAfter(settings.bookingDelay(), () -> {
                // before the journal is read: what is appended later asks for a booking of its own
                bookingPending.set(false);
                runToBook.run();
            });
        }
    }

    void after(Duration delay) {
        thread.executeAfter(delay, run);
    }

    /** For a caller whose last try was in vain; unless another one is due before. */
    void forNextTry(long nowNanos, long inNanos) {
        // compared as distances: the clock may pass its largest number in between
        long at = nowNanos + inNanos;
        if (nextTryNanos == Long.MAX_VALUE || at - nextTryNanos < 0) {
            nextTryNanos = at;
            thread.executeAfter(Duration.ofNanos(Math.max(inNanos, 0)), () -> {
                nextTryNanos = Long.MAX_VALUE;
                run.run();
            });
        }
    }
}
