package io.newapi.core.sim;

import java.util.Arrays;

/**
 * The settlements of one session, in order. A position is the number of records before it. Copies on other disks are
 * prefixes of it, so that only their lengths are kept (see {@link Disk}).
 */
final class Journal {

    private static final int ROOM = 40;
    private static final int KEPT_FOR_CALLS_IN_FLIGHT = 8;
    private static final int ROW = 2 * Accounts.COUNT;

    /** For each position, what the records before it took from each lease, then what they took directly. */
    private final int[] sums = new int[(ROOM + 1) * ROW];

    int length;

    /** The identity of the disk on which it was begun. */
    int place;

    /** Records from here on may be gone: the only disk that had them was lost. */
    int lostFrom;

    /** The log rows of records from here on may be gone, for the same reason. */
    int logRowsLostFrom;

    void clear(int diskIdentity) {
        length = 0;
        place = diskIdentity;
        lostFrom = Integer.MAX_VALUE;
        logRowsLostFrom = Integer.MAX_VALUE;
        Arrays.fill(sums, 0, ROW, 0);
    }

    /** Becomes a copy of the first records of another. */
    void copy(Journal other, int records) {
        System.arraycopy(other.sums, 0, sums, 0, (records + 1) * ROW);
        length = records;
    }

    /** Records from one position on are lost, and so are log rows from another on. */
    void lose(int from, int rowsFrom) {
        if (from < length) {
            lostFrom = Math.min(lostFrom, from);
        }
        if (rowsFrom < length) {
            logRowsLostFrom = Math.min(logRowsLostFrom, rowsFrom);
        }
    }

    boolean hasRoom() {
        return length < ROOM - KEPT_FOR_CALLS_IN_FLIGHT;
    }

    /**
     * Appends a record.
     *
     * @param token the token's account, or -1
     * @param direct whether the token's part is taken from its balance, not from a lease
     */
    void append(int user, int token, boolean direct, int units) {
        if (length == ROOM) {
            throw new IllegalStateException("the model's journal is full");
        }
        System.arraycopy(sums, length * ROW, sums, (length + 1) * ROW, ROW);
        length++;
        sums[length * ROW + user] += units;
        if (token >= 0) {
            sums[length * ROW + token + (direct ? Accounts.COUNT : 0)] += units;
        }
    }

    /** Units that the records from one position to another took from the lease of an account. */
    int leased(int account, int from, int to) {
        return from >= to ? 0 : sums[to * ROW + account] - sums[from * ROW + account];
    }

    /** Units that they took directly. */
    int direct(int account, int from, int to) {
        return leased(account + Accounts.COUNT, from, to);
    }

    int all(int account, int from, int to) {
        return leased(account, from, to) + direct(account, from, to);
    }

    /** The accounts that they touch. */
    int touched(int from, int to) {
        int mask = 0;
        for (int account = 0; account < Accounts.COUNT; account++) {
            if (all(account, from, to) != 0) {
                mask |= Accounts.bit(account);
            }
        }
        return mask;
    }
}
