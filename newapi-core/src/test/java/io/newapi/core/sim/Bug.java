package io.newapi.core.sim;

/** A mistake that an implementation could make; the simulator makes it when it is switched on, and must notice. */
enum Bug {
    POSITION_PER_NODE(1, Bias.RESTARTS, "the position is kept per node instead of per writer"),
    CLIENTS_POSITION(2, Bias.COPIES, "a batch is applied from the client's position, not from the database's"),
    POSITION_APART(3, Bias.NONE, "the position is written in another transaction than the charges"),
    DEFICIT_DROPPED(4, Bias.OVERAGE, "a deficit is dropped: what is held is clamped at zero, and nobody pays the rest"),
    LATE_CHARGES_DROPPED_BY_ZOMBIE(5, Bias.PAUSES, "a fenced session forgets what its journal still contains"),
    LATE_CHARGES_DROPPED_BY_RESTART(5, Bias.RESTARTS, "a restarted node deletes the journal of a closed writer unread"),
    LATE_CHARGES_DROPPED_AT_SETTLING(5, Bias.PAUSES, "a call of a fenced session is settled without a record"),
    GRANT_UNTESTED(6, Bias.NONE, "a grant is made without testing the balance"),
    TOKEN_HALF_LOST(7, Bias.NONE, "the token's half of a grant is taken from the balance but not held"),
    USER_KEPT(8, Bias.NONE, "the user's units are not given back when the token's cannot be taken"),
    GRANT_WHILE_CLOSING(9, Bias.PAUSES, "grants are made to a writer that is closing or closed"),
    RETURN_WITHOUT_LEASE(10, Bias.PAUSES, "a return is credited although the lease is gone"),
    CLOSE_IN_TWO(11, Bias.NONE, "closing credits and deletes in two transactions"),
    RECLAIM_TOO_EARLY(12, Bias.PAUSES, "a writer is reclaimed before its own deadline"),
    NO_DEADLINE(13, Bias.PAUSES, "a node spends from its slices without a deadline"),
    DEADLINE_FROM_ANSWER(14, Bias.PAUSES, "the deadline is counted from the answer, not from before the question"),
    CLOCK_BEFORE_TAKING(15, Bias.PAUSES, "the clock is looked at only before the units are taken"),
    ZOMBIE_RESERVES(16, Bias.PAUSES, "a session keeps reserving after it was fenced"),
    MEMORY_BEFORE_JOURNAL(17, Bias.NONE, "a response ends before its settlement is in the journal"),
    OVERAGE_AFTER_APPEND(18, Bias.OVERAGE, "an overage is subtracted only after the append"),
    ENDED_TWICE(19, Bias.NONE, "a reservation is settled or released twice"),
    DOUBT_IS_FAILURE(20, Bias.LOST_ANSWERS, "an exchange in doubt is taken as not applied"),
    DOUBT_IS_SUCCESS(21, Bias.LOST_ANSWERS, "an exchange in doubt is taken as applied"),
    RESYNC_WITHOUT_LOCK(22, Bias.LOST_ANSWERS, "a resync does not wait for the doubtful transaction"),
    COMMIT_PIPELINED(23, Bias.LOST_ANSWERS, "COMMIT is sent before the writer row's lock was answered"),
    RESYNC_FORGETS_RETURN(24, Bias.LOST_ANSWERS, "a resync forgets the return that was offered"),
    MEMORY_BY_OPERATION(25, Bias.OVERAGE, "memory is corrected by operation instead of by state"),
    DEFICIT_KEPT(26, Bias.OVERAGE, "a deficit that the balance paid is not given back to the free units"),
    RESERVED_RETURNED(27, Bias.NONE, "a recall returns reserved units too"),
    NO_RECALL(28, Bias.NONE, "a request is refused without recalling what is idle elsewhere"),
    RECALL_BY_MESSAGE(29, Bias.NONE, "a recall is only a message, no flag in the row"),
    ZERO_SHORTFALL_TESTED(30, Bias.NONE, "a shortfall of zero is tested against a negative balance"),
    DIRECT_BY_PRESENT_STATE(31, Bias.FLIPS, "how a token pays is taken from its present state, not from the record"),
    LOG_POSITION_IN_MEMORY(32, Bias.RESTARTS, "the log position is kept in memory"),
    LOG_POSITION_IN_MAIN_DATABASE(32, Bias.LOST_ANSWERS, "the log position is kept in the main database"),
    DELETED_BEFORE_LOGGED(33, Bias.NONE, "a journal is deleted before its log rows are written"),
    ABSOLUTE_ADMIN(34, Bias.NONE, "an administrator's change writes an absolute value that was computed earlier"),
    TWO_EXCHANGES(35, Bias.NONE, "a second exchange of the same writer is sent while one is under way"),
    JOURNAL_OF_TWO(36, Bias.COPIES, "a second process appends to the same journal"),
    MISSING_WRITER_CREATED(37, Bias.COPIES, "a missing writer row is created when a journal is replayed"),
    COPY_CLOSES_THE_LIVING(38, Bias.COPY_OF_A_CUT_OFF_NODE, "a copy of a disk closes a writer that lives"),
    SILENT_RESYNC(39, Bias.DATABASE_CRASHES, "a resync writes nothing, so what it saw may be undone"),
    SENT_ON_AFTER_DEADLOCK(40, Bias.LOST_ANSWERS, "statements are sent on after a deadlock has ended the transaction"),
    EXCHANGES_COUNTED_BY_DATABASE(
            41,
            Bias.DATABASE_CRASHES_AND_PAUSES,
            "exchanges are counted by the database, so that a crash brings a number back"),
    SILENT_CLOSE(
            42,
            Bias.DATABASE_CRASHES_AND_PAUSES,
            "closing what is closed already writes nothing, so what it saw may be undone"),
    CLOCK_SET_BACK(43, Bias.LOST_CLOCKS, "a wall clock that shows an earlier time than the last exchange is believed");

    private final int number;
    private final Bias bias;
    private final String sentence;

    Bug(int number, Bias bias, String sentence) {
        this.number = number;
        this.bias = bias;
        this.sentence = sentence;
    }

    /** Its number in the list of the protocol's description. */
    int number() {
        return number;
    }

    /** The circumstances in which it shows. */
    Bias bias() {
        return bias;
    }

    /** Its place in a mask of bugs. A mask lives no longer than a run, so that the order does not matter. */
    @SuppressWarnings("EnumOrdinal")
    long bit() {
        return 1L << ordinal();
    }

    /** What must go wrong as well, so that it shows: see {@link Bug#bit}. */
    long companions() {
        return this == MEMORY_BY_OPERATION ? OVERAGE_AFTER_APPEND.bit() : 0;
    }

    /** What is wrong. */
    String sentence() {
        return sentence;
    }

    @Override
    public String toString() {
        return number + " " + name() + ": " + sentence;
    }
}
