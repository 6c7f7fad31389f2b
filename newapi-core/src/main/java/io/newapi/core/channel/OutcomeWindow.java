package io.newapi.core.channel;

import java.time.Duration;
import java.util.Arrays;

/** Counts successes and failures of the latest time, to a tenth of it. Not thread-safe. */
final class OutcomeWindow {

    private static final int PARTS = 10;

    private final int[] succeeded = new int[PARTS];
    private final int[] failed = new int[PARTS];
    private long partNanos;

    /** The number of the newest part of time, counted from the clock's zero. */
    private long newest;

    void succeeded(long nowNanos, Duration window) {
        advance(nowNanos, window);
        succeeded[index(newest)]++;
    }

    void failed(long nowNanos, Duration window) {
        advance(nowNanos, window);
        failed[index(newest)]++;
    }

    long successes() {
        return sum(succeeded);
    }

    long failures() {
        return sum(failed);
    }

    void clear() {
        Arrays.fill(succeeded, 0);
        Arrays.fill(failed, 0);
    }

    private void advance(long nowNanos, Duration window) {
        long part = window.toNanos() / PARTS;
        long now = Math.floorDiv(nowNanos, part);
        if (part != partNanos || now - newest >= PARTS) {
            // an own clock for each window: after a change of settings nothing before it counts
            clear();
            partNanos = part;
            newest = now;
        }
        while (newest < now) {
            newest++;
            succeeded[index(newest)] = 0;
            failed[index(newest)] = 0;
        }
    }

    private static int index(long part) {
        return Math.floorMod(part, PARTS);
    }

    private static long sum(int[] counts) {
        long sum = 0;
        for (int count : counts) {
            sum += count;
        }
        return sum;
    }
}
