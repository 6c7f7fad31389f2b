package io.newapi.core.quota;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The end of a living journal, where appenders claim the place of their records: a thread changes the word there, in the
 * file, from 0 to a claim. That takes no lock, but where the next segment is not ready. Thread-safe.
 */
final class JournalTail {

    private final SegmentLayout layout;
    private final JournalRoom room;
    private final AtomicLong claimedUntil;
    private final String journal;

    /**
     * @param claimedUntil everything before it is claimed; it may lag behind
     * @param journal for messages
     */
    JournalTail(SegmentLayout layout, JournalRoom room, AtomicLong claimedUntil, String journal) {
        this.layout = layout;
        this.room = room;
        this.claimedUntil = claimedUntil;
        this.journal = journal;
    }

    /**
     * Takes so many bytes; where they begin.
     *
     * @throws JournalFailure if there is no room; then the journal is as it was
     */
    long claim(int length) {
        long position = claimedUntil.get();
        while (true) {
            int number = layout.numberAt(position);
            Segment segment = room.living(number);
            if (segment == null) {
                long now = claimedUntil.get();
                segment = now == position ? room.segmentToWrite(number) : null;
                if (segment == null) {
                    // it was booked while this thread was stopped
                    position = claimedUntil.get();
                    continue;
                }
            }
            long word = segment.word(position);
            if (word == RecordWord.TURN) {
                position = layout.behindSegment(number);
                advance(position);
            } else if (word != RecordWord.NOTHING) {
                position = layout.behindHeader(position + lengthOf(word, position));
                if (layout.numberAt(position) != number) {
                    // whoever filled the segment may have been stopped before he could say so, and nothing is made
                    // ahead of the tail
                    advance(position);
                }
            } else if (position + length > layout.start(number + 1)) {
                // before anything is written: without a next segment the journal stays as it is
                if (room.segmentToWrite(number + 1) == null) {
                    position = claimedUntil.get();
                } else if (segment.claim(position, RecordWord.TURN)) {
                    room.prepare();
                }
            } else if (segment.claim(position, RecordWord.claimed(length))) {
                advance(layout.behindHeader(position + length));
                return position;
            }
        }
    }

    private int lengthOf(long word, long position) {
        int length = RecordWord.length(word);
        boolean record = RecordWord.isPublished(word) || RecordWord.isClaimed(word) || RecordWord.isVoid(word);
        if (!record || position + length > layout.start(layout.numberAt(position) + 1)) {
            throw new JournalFailure(journal + " is damaged at " + position);
        }
        return length;
    }

    private void advance(long to) {
        long seen = claimedUntil.get();
        while (seen < to && !claimedUntil.compareAndSet(seen, to)) {
            seen = claimedUntil.get();
        }
    }
}
