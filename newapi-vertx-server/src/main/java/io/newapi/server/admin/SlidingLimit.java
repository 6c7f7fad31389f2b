package io.newapi.server.admin;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Admits at most {@code limit} events per key in any window of the given length: an event is refused while the event {@code limit}
 * places before it is younger than the window. Refused events are not counted.
 *
 * <p>Memory is bounded: at most {@code limit} times per key (grown on demand) and at most {@code maxKeys} keys; the key that was
 * quiet for the longest time makes room. Thread-safe.
 */
final class SlidingLimit {

    private final int limit;
    private final long windowNanos;
    private final int maxKeys;
    private final LongSupplier nanoTime;
    private final Map<String, Times> byKey = new LinkedHashMap<>(64, 0.75f, true);

    SlidingLimit(int limit, Duration window, int maxKeys, LongSupplier nanoTime) {
        if (limit < 1 || maxKeys < 1 || window.isNegative() || window.isZero()) {
            throw new IllegalArgumentException(
                    "a limit needs positive numbers: " + limit + " per " + window + ", " + maxKeys + " keys");
        }
        this.limit = limit;
        this.windowNanos = window.toNanos();
        this.maxKeys = maxKeys;
        this.nanoTime = nanoTime;
    }

    /** Counts an event of {@code key}: zero if it is admitted, else how long to wait. */
    synchronized Duration tryAcquire(String key) {
        long now = nanoTime.getAsLong();
        Times times = byKey.get(key);
        if (times == null) {
            makeRoom();
            times = new Times();
            byKey.put(key, times);
        }
        return Duration.ofNanos(times.tryAdd(now));
    }

    private void makeRoom() {
        if (byKey.size() >= maxKeys) {
            String eldest = byKey.keySet().iterator().next();
            byKey.remove(eldest);
        }
    }

    synchronized int keys() {
        return byKey.size();
    }

    /** The admitted times of one key: a ring that grows up to the limit. */
    private final class Times {
        private long[] ring = new long[Math.min(limit, 4)];
        private int oldest;
        private int count;

        private long tryAdd(long now) {
            while (count > 0 && now - ring[oldest] >= windowNanos) {
                oldest = (oldest + 1) % ring.length;
                count--;
            }
            if (count == limit) {
                return Math.max(1, windowNanos - (now - ring[oldest]));
            }
            if (count == ring.length) {
                grow();
            }
            ring[(oldest + count) % ring.length] = now;
            count++;
            return 0;
        }

        private void grow() {
            long[] larger = new long[(int) Math.min(limit, ring.length * 2L)];
            for (int i = 0; i < count; i++) {
                larger[i] = ring[(oldest + i) % ring.length];
            }
            ring = larger;
            oldest = 0;
        }
    }
}
