package io.newapi.core.quota;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A node's slice of one account. {@code free} is shared by all callers and changes by compare-and-set; every other
 * field belongs to the teller's thread, but for {@link #lastUseNanos}, a hint that may be stale, and {@link #refusal},
 * which all may read and forget.
 *
 * <p>{@code free} may be negative: calls settled above what they had reserved.
 */
final class Cell {

    private static final long RETIRED = Long.MIN_VALUE;

    /** What came of an attempt to take from a cell. */
    enum Taken {
        /** The units were taken. */
        YES,
        /** There is not enough. */
        TOO_LITTLE,
        /** The cell is no longer in use; look the account up again. */
        RETIRED
    }

    /** So much could not be had beside what was free, and is not asked for again before a time. */
    private record Refusal(long missingUnits, long untilNanos) {}

    private final Account account;
    private final AtomicLong free = new AtomicLong();
    private volatile long lastUseNanos;
    private volatile @Nullable Refusal refusal;

    private long believedHeld;
    private boolean recalled;
    private long tightUntilNanos;
    private long windowStartNanos;
    private long spentInWindow;
    private long spentInWindowBefore;

    Cell(Account account, long nowNanos) {
        this.account = account;
        this.lastUseNanos = nowNanos;
        this.windowStartNanos = nowNanos;
        this.tightUntilNanos = nowNanos;
    }

    Account account() {
        return account;
    }

    Taken take(long units) {
        while (true) {
            long seen = free.get();
            if (seen == RETIRED) {
                return Taken.RETIRED;
            }
            if (seen < units) {
                return Taken.TOO_LITTLE;
            }
            if (free.compareAndSet(seen, seen - units)) {
                return Taken.YES;
            }
        }
    }

    void used(long nowNanos) {
        lastUseNanos = nowNanos;
    }

    /** Adds units, or subtracts them when negative; false when the cell is retired. */
    boolean add(long units) {
        while (true) {
            long seen = free.get();
            if (seen == RETIRED) {
                return false;
            }
            if (free.compareAndSet(seen, Math.addExact(seen, units))) {
                return true;
            }
        }
    }

    /** How much of {@code units} is not at hand. */
    long missing(long units) {
        long seen = freeUnits();
        if (seen >= units) {
            return 0;
        }
        // only a negative free can take the difference beyond 64 bits
        return seen < units - Long.MAX_VALUE ? Long.MAX_VALUE : units - seen;
    }

    /** Whether it is remembered that so much cannot be had. What came back since then counts. */
    boolean refuses(long units, long nowNanos) {
        Refusal known = refusal;
        return known != null && nowNanos - known.untilNanos < 0 && missing(units) >= known.missingUnits;
    }

    void forgetRefusal() {
        refusal = null;
    }

    long freeUnits() {
        long seen = free.get();
        return seen == RETIRED ? 0 : seen;
    }

    // ---- the teller's side ----

    /** Remembers that so much beside what is free could not be had. */
    void refuse(long missingUnits, long untilNanos) {
        refusal = new Refusal(missingUnits, untilNanos);
    }

    /** Takes out all free units, to offer them back; 0 when there are none. */
    long takeAllFree() {
        while (true) {
            long seen = free.get();
            if (seen <= 0) {
                return 0;
            }
            if (free.compareAndSet(seen, 0)) {
                return seen;
            }
        }
    }

    /**
     * Corrects the slice by what the authority says: by state, never by operation.
     *
     * @param heldNow what is leased now
     * @param offered units that were taken out to be returned
     * @param bookedLeased units of this account in the entries that were booked since the last correction
     */
    void correct(long heldNow, long offered, long bookedLeased) {
        long difference = Math.addExact(Math.addExact(heldNow - believedHeld, offered), bookedLeased);
        if (difference != 0 && !add(difference)) {
            throw new IllegalStateException("a retired cell of " + account + " still had " + difference + " units");
        }
        believedHeld = heldNow;
    }

    /** Retires the cell when nothing is left in it; true when it may be forgotten. */
    boolean retireIfEmpty() {
        return believedHeld == 0 && free.compareAndSet(0, RETIRED);
    }

    boolean idleSince(long nowNanos, long idleNanos) {
        return nowNanos - lastUseNanos >= idleNanos;
    }

    boolean isRecalled() {
        return recalled;
    }

    void recall(long tightUntil) {
        recalled = true;
        tightUntilNanos = tightUntil;
    }

    void answeredRecall() {
        recalled = false;
    }

    boolean isTight(long nowNanos) {
        return nowNanos - tightUntilNanos < 0;
    }

    void spent(long units, long nowNanos, long windowNanos) {
        turnWindow(nowNanos, windowNanos);
        spentInWindow = Math.addExact(spentInWindow, units);
    }

    long recentlySpent(long nowNanos, long windowNanos) {
        turnWindow(nowNanos, windowNanos);
        return Math.addExact(spentInWindow, spentInWindowBefore);
    }

    private void turnWindow(long nowNanos, long windowNanos) {
        long age = nowNanos - windowStartNanos;
        if (age >= windowNanos) {
            spentInWindowBefore = age < 2 * windowNanos ? spentInWindow : 0;
            spentInWindow = 0;
            windowStartNanos = nowNanos;
        }
    }
}
