package io.newapi.server.auth;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Keys that were looked up in vain, and how many of them in this second. Bounded; thread-safe. */
final class UnknownKeys {

    /** Unknown keys that may be looked up in a second. */
    static final int PER_SECOND = 50;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long LIFE = TimeUnit.SECONDS.toNanos(10);
    private static final int MAX_ENTRIES = 20_000;

    private final LongSupplier nanoTime;
    private final Generations<Long> seen = new Generations<>(MAX_ENTRIES);
    private long windowStart;
    private int inWindow;

    UnknownKeys(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.windowStart = nanoTime.getAsLong();
    }

    boolean isKnownToBeUnknown(String key) {
        Long at = seen.get(key);
        return at != null && nanoTime.getAsLong() - at < LIFE;
    }

    synchronized boolean mayLookUp() {
        openWindow();
        return inWindow < PER_SECOND;
    }

    synchronized void counted() {
        openWindow();
        inWindow++;
    }

    private void openWindow() {
        long now = nanoTime.getAsLong();
        if (now - windowStart >= SECOND) {
            windowStart = now;
            inWindow = 0;
        }
    }

    void remember(String key) {
        seen.put(key, nanoTime.getAsLong());
    }

    /** A key may have been made. */
    void forgetAll() {
        seen.clear();
    }
}
