package io.newapi.core.sim;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The main database: rows, row locks, and a log that may lag behind what is visible. Beside the protocol's columns it
 * has some that only the simulator reads, so that a crash undoes them together with what they describe.
 */
final class Database {

    /** States of a writer. */
    static final int OPEN = 0;

    static final int CLOSING = 1;
    static final int CLOSED = 2;
    /** Not stored: there is no such row. */
    static final int MISSING = 3;

    private static final int BALANCE = 0;
    private static final int UNLIMITED = Accounts.COUNT;

    // known to the simulator only
    private static final int CREDITS = 2 * Accounts.COUNT;
    private static final int FOREIGN = 3 * Accounts.COUNT;
    private static final int APPLIED = 4 * Accounts.COUNT;
    private static final int OVERDRAFT = 5 * Accounts.COUNT;
    private static final int EXPOSURE = 6 * Accounts.COUNT;

    private static final int WRITERS = 7 * Accounts.COUNT;
    private static final int EXISTS = 0;
    private static final int STATE = 1;
    private static final int EXCHANGE_NO = 2;
    private static final int POSITION = 3;
    private static final int RESYNC_NO = 4;
    private static final int LOG_POSITION = 5;
    private static final int HELD = 6;
    private static final int RECALL = HELD + Accounts.COUNT;

    // known to the simulator only
    private static final int CHARGED = RECALL + Accounts.COUNT;
    private static final int GIVEN_BACK = CHARGED + Accounts.COUNT;
    private static final int WRITER_COLUMNS = GIVEN_BACK + Accounts.COUNT;

    private final int[] rows = new int[WRITERS + World.SESSIONS * WRITER_COLUMNS];
    private int[] undo = new int[512];
    private int undoSize;

    private final @Nullable Transaction[] writerLocks = new Transaction[World.SESSIONS];
    private final @Nullable Transaction[] accountLocks = new Transaction[Accounts.COUNT];

    private final int[] opening = new int[Accounts.COUNT];

    boolean up;

    /** Whether a row was changed since somebody last set this to false. */
    boolean changed;

    /** Commits are visible, but not yet in the log file. */
    boolean logStalls;

    void clear() {
        Arrays.fill(rows, 0);
        Arrays.fill(writerLocks, null);
        Arrays.fill(accountLocks, null);
        undoSize = 0;
        up = true;
        logStalls = false;
    }

    void open(int account, int units) {
        opening[account] = units;
        rows[BALANCE + account] = units;
    }

    // ---- the log ----

    /** What is visible is in the log file now. */
    void flush() {
        undoSize = 0;
    }

    boolean isFlushed() {
        return undoSize == 0;
    }

    /** What is not in the log file was never written. */
    void undo() {
        changed = true;
        while (undoSize > 0) {
            undoSize -= 2;
            rows[undo[undoSize]] = undo[undoSize + 1];
        }
    }

    private void set(int index, int value) {
        int old = rows[index];
        if (old == value) {
            return;
        }
        if (undoSize == undo.length) {
            undo = Arrays.copyOf(undo, 2 * undo.length);
        }
        undo[undoSize++] = index;
        undo[undoSize++] = old;
        rows[index] = value;
        changed = true;
    }

    private static int column(int writer, int column) {
        return WRITERS + writer * WRITER_COLUMNS + column;
    }

    // ---- locks ----

    boolean lockWriter(Transaction transaction) {
        int writer = transaction.writer;
        if (writerLocks[writer] != null) {
            return false;
        }
        writerLocks[writer] = transaction;
        return true;
    }

    boolean lockAccount(int account, Transaction transaction) {
        if (accountLocks[account] != null) {
            return false;
        }
        accountLocks[account] = transaction;
        return true;
    }

    boolean isLocked(int account) {
        return accountLocks[account] != null;
    }

    /** Whether the lease rows of a writer may not be written by others now. */
    boolean isWriterLocked(int writer) {
        return writerLocks[writer] != null;
    }

    void unlock(Transaction transaction) {
        if (writerLocks[transaction.writer] == transaction) {
            writerLocks[transaction.writer] = null;
        }
        for (int account = 0; account < Accounts.COUNT; account++) {
            if (accountLocks[account] == transaction) {
                accountLocks[account] = null;
            }
        }
    }

    // ---- accounts ----

    int balance(int account) {
        return rows[BALANCE + account];
    }

    void addToBalance(int account, int units) {
        set(BALANCE + account, rows[BALANCE + account] + units);
    }

    boolean isUnlimited(int account) {
        return rows[UNLIMITED + account] != 0;
    }

    void setUnlimited(int account, boolean unlimited) {
        set(UNLIMITED + account, unlimited ? 1 : 0);
    }

    /** What all writers hold, except for one (or -1). */
    int heldOfAll(int account, int except, int writers) {
        int sum = 0;
        for (int writer = 0; writer < writers; writer++) {
            if (writer != except) {
                sum += rows[column(writer, HELD + account)];
            }
        }
        return sum;
    }

    int recallsOfAll(int account, int except, int writers) {
        int sum = 0;
        for (int writer = 0; writer < writers; writer++) {
            if (writer != except) {
                sum += rows[column(writer, RECALL + account)];
            }
        }
        return sum;
    }

    int openWriters(int writers) {
        int count = 0;
        for (int writer = 0; writer < writers; writer++) {
            if (exists(writer) && state(writer) == OPEN) {
                count++;
            }
        }
        return count;
    }

    // ---- writers ----

    boolean exists(int writer) {
        return rows[column(writer, EXISTS)] != 0;
    }

    void insertWriter(int writer) {
        set(column(writer, EXISTS), 1);
    }

    /** Forgets a closed writer, as after many days. */
    void purgeWriter(int writer) {
        set(column(writer, EXISTS), 0);
        set(column(writer, STATE), OPEN);
        set(column(writer, POSITION), 0);
        set(column(writer, EXCHANGE_NO), 0);
    }

    int state(int writer) {
        return exists(writer) ? rows[column(writer, STATE)] : MISSING;
    }

    void setState(int writer, int state) {
        set(column(writer, STATE), state);
    }

    int exchangeNo(int writer) {
        return rows[column(writer, EXCHANGE_NO)];
    }

    void setExchangeNo(int writer, int no) {
        set(column(writer, EXCHANGE_NO), no);
    }

    void countResync(int writer) {
        set(column(writer, RESYNC_NO), rows[column(writer, RESYNC_NO)] + 1);
    }

    int position(int writer) {
        return rows[column(writer, POSITION)];
    }

    void setPosition(int writer, int position) {
        set(column(writer, POSITION), position);
    }

    int logPosition(int writer) {
        return rows[column(writer, LOG_POSITION)];
    }

    void setLogPosition(int writer, int position) {
        set(column(writer, LOG_POSITION), position);
    }

    int held(int writer, int account) {
        return rows[column(writer, HELD + account)];
    }

    /** A lease row of 0 units is deleted, its recall with it. */
    void setHeld(int writer, int account, int units) {
        set(column(writer, HELD + account), units);
        if (units == 0) {
            set(column(writer, RECALL + account), 0);
        }
    }

    boolean isRecalled(int writer, int account) {
        return rows[column(writer, RECALL + account)] != 0;
    }

    void setRecalled(int writer, int account, boolean recalled) {
        set(column(writer, RECALL + account), recalled ? 1 : 0);
    }

    /** The accounts of which a writer holds something. */
    int leases(int writer) {
        int mask = 0;
        for (int account = 0; account < Accounts.COUNT; account++) {
            if (held(writer, account) != 0) {
                mask |= Accounts.bit(account);
            }
        }
        return mask;
    }

    // ---- known to the simulator only ----

    void credited(int account, int units) {
        set(CREDITS + account, rows[CREDITS + account] + units);
    }

    void chargedByOthers(int account, int units) {
        set(FOREIGN + account, rows[FOREIGN + account] + units);
    }

    void charged(int writer, int account, int units) {
        set(APPLIED + account, rows[APPLIED + account] + units);
        int index = column(writer, CHARGED + account);
        set(index, rows[index] + units);
    }

    int chargedOf(int writer, int account) {
        return rows[column(writer, CHARGED + account)];
    }

    void overdrawn(int account, int units) {
        set(OVERDRAFT + account, rows[OVERDRAFT + account] + units);
    }

    void exposed(int account, int units) {
        set(EXPOSURE + account, rows[EXPOSURE + account] + units);
    }

    void givenBack(int writer, int account) {
        set(column(writer, GIVEN_BACK + account), 1);
    }

    /** Whether an account's lease of a writer was given back by its close. */
    boolean isGivenBack(int writer, int account) {
        return rows[column(writer, GIVEN_BACK + account)] != 0;
    }

    /** What was ever there to be spent: opening and credits, without what others charged. */
    int funds(int account) {
        return opening[account] + rows[CREDITS + account] - rows[FOREIGN + account];
    }

    /** By how much a balance may be short, for reasons that the protocol names, but for overage. */
    int namedShortage(int account) {
        return rows[OVERDRAFT + account] + rows[EXPOSURE + account];
    }

    /** I1: opening + credits - foreign charges = balance + held + applied charges. */
    void checkConservation(int writers) {
        for (int account = 0; account < Accounts.COUNT; account++) {
            int found = balance(account) + heldOfAll(account, -1, writers) + rows[APPLIED + account];
            if (found != funds(account)) {
                throw new Violation(
                        "I1",
                        Accounts.name(account) + " had " + funds(account) + " units, but balance " + balance(account)
                                + ", held " + heldOfAll(account, -1, writers) + " and charged "
                                + rows[APPLIED + account] + " make " + found);
            }
        }
    }
}
