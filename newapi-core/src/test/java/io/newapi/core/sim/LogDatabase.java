package io.newapi.core.sim;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The database of the log rows: one position per writer, and the rows that were written. */
final class LogDatabase {

    private final int[] positions = new int[World.SESSIONS];
    private final long[] rows = new long[World.SESSIONS];
    private final @Nullable Transaction[] locks = new Transaction[World.SESSIONS];

    boolean up;

    void clear() {
        Arrays.fill(positions, 0);
        Arrays.fill(rows, 0);
        Arrays.fill(locks, null);
        up = true;
    }

    boolean lock(Transaction transaction) {
        if (locks[transaction.writer] != null) {
            return false;
        }
        locks[transaction.writer] = transaction;
        return true;
    }

    void unlock(Transaction transaction) {
        if (locks[transaction.writer] == transaction) {
            locks[transaction.writer] = null;
        }
    }

    int position(int writer) {
        return positions[writer];
    }

    void setPosition(int writer, int position) {
        positions[writer] = position;
    }

    /** Writes the rows of the records from one position to another. */
    void write(int writer, int from, int to) {
        if (from >= to) {
            return;
        }
        long written = ((1L << (to - from)) - 1) << from;
        if ((rows[writer] & written) != 0) {
            throw new Violation("I2", "log rows of writer " + writer + " were written twice, from record " + from);
        }
        rows[writer] |= written;
    }

    /** Whether the rows of the first records are there. */
    boolean hasAll(int writer, int records) {
        long all = (1L << records) - 1;
        return (rows[writer] & all) == all;
    }
}
