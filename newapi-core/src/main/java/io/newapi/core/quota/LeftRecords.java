package io.newapi.core.quota;

import org.jspecify.annotations.Nullable;

/**
 * The records of a journal whose writer has ended. What was claimed and never published is passed over: nobody was told
 * that it was there. Where the files are damaged, the walk goes on with the next record whose mark, place and checksum
 * agree, and the damage is remembered. Not thread-safe.
 */
final class LeftRecords implements Records {

    private final SegmentLayout layout;
    private final SegmentSet segments;
    private boolean damageMet;

    LeftRecords(SegmentLayout layout, SegmentSet segments) {
        this.layout = layout;
        this.segments = segments;
    }

    /** Whether anything was met that is neither a record nor empty room. */
    boolean damageMet() {
        return damageMet;
    }

    @Override
    public long next(long from) {
        long position = layout.behindHeader(from);
        while (true) {
            int number = layout.numberAt(position);
            Segment segment = segments.get(number);
            if (segment == null) {
                Segment later = segments.from(number);
                if (later == null) {
                    return NONE;
                }
                damageMet = true;
                position = layout.behindHeader(later.start());
            } else if (!holds(segment, position, RecordWord.ALIGNMENT)) {
                damageMet = true;
                position = layout.behindSegment(number);
            } else if (segment.isWhole(position)) {
                return position;
            } else if (segment.word(position) == RecordWord.TURN) {
                position = layout.behindSegment(number);
            } else {
                long end = endOfUnpublished(segment, position);
                long found = scan(position + RecordWord.ALIGNMENT, end);
                if (found != NONE) {
                    return found;
                }
                if (end == Long.MAX_VALUE) {
                    damageMet |= !isUnwritten(segment.word(position));
                    return NONE;
                }
                position = layout.behindHeader(end);
            }
        }
    }

    @Override
    public Segment holding(long position) {
        Segment segment = segments.get(layout.numberAt(position));
        if (segment == null) {
            throw new JournalFailure("the journal was closed while it was read");
        }
        return segment;
    }

    /** The first version wrote the magic number before the length, and no claims. */
    private boolean isUnwritten(long word) {
        return layout.headerBytes() == SegmentHeader.OLD_BYTES
                ? RecordWord.length(word) == 0
                : word == RecordWord.NOTHING;
    }

    /** The end of what was claimed here, or the end of everything when this is no claim. */
    private static long endOfUnpublished(Segment segment, long position) {
        long word = segment.word(position);
        boolean unpublished = RecordWord.isClaimed(word) || RecordWord.isVoid(word);
        int length = RecordWord.length(word);
        return unpublished && holds(segment, position, length) ? position + length : Long.MAX_VALUE;
    }

    /** The first whole record that begins in between, where none should be. */
    private long scan(long from, long end) {
        @Nullable Segment segment = segments.from(layout.numberAt(from));
        while (segment != null && segment.start() < end) {
            long position = Math.max(from, segment.start() + layout.headerBytes());
            for (; position < end && holds(segment, position, RecordWord.HEADER_BYTES); position += 8) {
                if (segment.looksLikeRecord(position)) {
                    damageMet = true;
                    if (segment.isWhole(position)) {
                        return position;
                    }
                }
            }
            segment = segments.from(segment.number() + 1);
        }
        return NONE;
    }

    private static boolean holds(Segment segment, long position, int bytes) {
        return position + bytes <= segment.start() + segment.capacity();
    }
}
