package io.newapi.core.quota;

import java.util.ArrayList;
import java.util.List;

/** Walks from record to record of a journal. */
interface Records {

    /** There is no further record. */
    long NONE = -1;

    /** Where the first whole record at or behind {@code from} stands, or {@link #NONE}. */
    long next(long from);

    /** The segment that {@code position}, of a record that was found, lies in. */
    Segment holding(long position);

    /** Where the record at {@code position} ends. */
    default long end(long position) {
        return position + RecordWord.length(holding(position).word(position));
    }

    /** At most {@code limit} entries from {@code from} on. */
    default UsageJournal.Page page(long from, int limit) {
        List<JournalEntry> entries = new ArrayList<>();
        List<Long> positions = new ArrayList<>();
        long position = limit > 0 ? next(from) : NONE;
        while (position != NONE) {
            entries.add(holding(position).entry(position));
            long end = end(position);
            positions.add(end);
            position = entries.size() < limit ? next(end) : NONE;
        }
        return new UsageJournal.Page(entries, positions);
    }
}
