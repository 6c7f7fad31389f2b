package io.newapi.server.auth;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Keys that were looked up in vain, and how many of them in this second, for whom. Bounded; thread-safe. */
final class UnknownKeys {

    /** Unknown keys that may be looked up in a second for one client address. */
    static final int PER_ADDRESS = 50;

    /** The same for all of them: what the store bears without being noticed. */
    static final int PER_SECOND = 500;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long LIFE = TimeUnit.SECONDS.toNanos(10);
    private static final int MAX_ENTRIES = 20_000;

    private final LongSupplier nanoTime;
    private final Generations<Long> seen = new Generations<>(MAX_ENTRIES);
    private long windowStart;
    private int inWindow;

    /** No more entries than {@link #PER_SECOND} and the look-ups under way. */
    private final Map<String, Integer> byAddress = new HashMap<>();

    UnknownKeys(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.windowStart = nanoTime.getAsLong();
    }

    boolean isKnownToBeUnknown(String key) {
        Long at = seen.get(key);
        return at != null && nanoTime.getAsLong() - at < LIFE;
    }

    synchronized boolean mayLookUp(String clientAddress) {
        openWindow();
        return inWindow < PER_SECOND && byAddress.getOrDefault(clientAddress, 0) < PER_ADDRESS;
    }

    synchronized void counted(String clientAddress) {
        openWindow();
        inWindow++;
        byAddress.merge(clientAddress, 1, Integer::sum);
    }

    private void openWindow() {
        long now = nanoTime.getAsLong();
        if (now - windowStart >= SECOND) {
            windowStart = now;
            inWindow = 0;
            byAddress.clear();
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
