package io.newapi.core.quota;

import java.util.List;

/**
 * The settlements of one writer, in order, kept until they are booked. Positions are byte offsets that only grow.
 * Implementations are thread-safe.
 */
public interface UsageJournal extends AutoCloseable {

    /**
     * A run of entries.
     *
     * @param entries in the order of their settlement
     * @param positions for each entry the position behind it, ascending
     */
    record Page(List<JournalEntry> entries, List<Long> positions) {
        /** No entries. */
        public static final Page EMPTY = new Page(List.of(), List.of());

        /** Immutable copies. */
        public Page {
            entries = List.copyOf(entries);
            positions = List.copyOf(positions);
        }
    }

    /** Whose journal it is. */
    WriterId writer();

    /** Where the first entry stands. */
    long start();

    /** Whether there is room for the settlements of calls that would begin now. */
    boolean hasRoom();

    /**
     * Adds an entry. When this returns, the end of the process no longer loses it.
     *
     * @throws JournalFailure if it could not be written; then it is not in the journal
     */
    void append(JournalEntry entry);

    /** At most {@code limit} entries from position {@code from}, which is a start, an end, or was a page's end. */
    Page read(long from, int limit);

    /** Whether an entry stands at or behind {@code position}. */
    boolean hasEntriesFrom(long position);

    /** Says that nothing before {@code position} will be read again. What cannot be removed now is removed later. */
    void discardBefore(long position);

    /** Makes room ahead of need; called regularly, away from the callers of {@link #append}. */
    void prepareRoom();

    /**
     * Removes the journal for good: everything in it was booked. Nothing can be appended afterwards.
     *
     * @throws JournalFailure if some of it could not be removed
     */
    void delete();

    /** Lets go of files; what is in them stays. Nothing can be appended or read afterwards. */
    @Override
    void close();
}
