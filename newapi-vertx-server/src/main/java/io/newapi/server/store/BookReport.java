package io.newapi.server.store;

import java.util.List;
import java.util.Map;

/**
 * How far an audit of the books has come, and what it has found.
 *
 * @param run its name, which no other has; empty before the first
 * @param startedAt in Unix seconds; 0 before the first
 * @param finishedAt in Unix seconds; 0 until it has ended
 * @param checked how many accounts of each kind were looked at
 * @param opened how many of them were met for the first time, and taken as they are
 * @param undecided how many of them could not be compared with their log rows, which are on their way between two
 *     databases
 * @param differing how many differences were found
 * @param differences the first of them
 * @param suspended how many rows found no account to be booked on; known when the audit is done
 * @param suspense the oldest of them
 * @param failure why it failed, in words without secrets; else empty
 */
public record BookReport(
        State state,
        String run,
        long startedAt,
        long finishedAt,
        Map<BookKind, Long> checked,
        long opened,
        long undecided,
        long differing,
        List<BookDifference> differences,
        long suspended,
        List<SuspenseRow> suspense,
        String failure) {

    /** Where it stands. Only a running one changes. */
    public enum State {
        /** There was none yet. */
        NEVER,
        /** It is under way. */
        RUNNING,
        /** Everything was looked at. */
        DONE,
        /** Something could not be read. */
        FAILED,
        /** Somebody ended it. */
        CANCELLED
    }

    /** Before the first audit. */
    public static final BookReport NEVER =
            new BookReport(State.NEVER, "", 0, 0, Map.of(), 0, 0, 0, List.of(), 0, List.of(), "");

    /** An immutable copy. */
    public BookReport {
        checked = Map.copyOf(checked);
        differences = List.copyOf(differences);
        suspense = List.copyOf(suspense);
    }

    /** How many accounts of a kind were looked at. */
    public long checked(BookKind kind) {
        return checked.getOrDefault(kind, 0L);
    }

    /** Whether everything was looked at and compared, and all of it is in order. */
    public boolean isClean() {
        return state == State.DONE && undecided == 0 && differing == 0 && suspended == 0;
    }
}
