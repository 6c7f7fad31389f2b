package io.newapi.core.quota;

import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The records of a journal that is being written. A record that somebody has claimed and not published yet ends the walk,
 * though there may be more behind it: they will be reached when it is published. Thread-safe.
 */
final class LivingRecords implements Records {

    private final SegmentLayout layout;
    private final IntFunction<@Nullable Segment> segments;

    LivingRecords(SegmentLayout layout, IntFunction<@Nullable Segment> segments) {
        this.layout = layout;
        this.segments = segments;
    }

    @Override
    public long next(long from) {
        long position = written(from);
        Segment segment = segments.apply(layout.numberAt(position));
        return segment != null && segment.isWhole(position) ? position : NONE;
    }

    @Override
    public Segment holding(long position) {
        Segment segment = segments.apply(layout.numberAt(position));
        if (segment == null) {
            throw new JournalFailure("the journal was closed while it was read");
        }
        return segment;
    }

    /** Where the next record stands or will stand: behind turns, headers and what could not be written. */
    long written(long from) {
        long position = layout.behindHeader(from);
        while (true) {
            int number = layout.numberAt(position);
            Segment segment = segments.apply(number);
            if (segment == null) {
                return position;
            }
            long word = segment.word(position);
            if (word == RecordWord.TURN) {
                position = layout.behindSegment(number);
            } else if (RecordWord.isVoid(word)) {
                position = layout.behindHeader(position + RecordWord.length(word));
            } else {
                return position;
            }
        }
    }

    /** Whether anything was claimed at or behind {@code from}. */
    boolean anyFrom(long from) {
        long position = written(from);
        Segment segment = segments.apply(layout.numberAt(position));
        return segment != null && segment.word(position) != RecordWord.NOTHING;
    }

    /** The end of the published records that follow each other without a gap from {@code from} on. */
    long publishedUntil(long from) {
        long position = written(from);
        while (true) {
            Segment segment = segments.apply(layout.numberAt(position));
            if (segment == null || !RecordWord.isPublished(segment.word(position))) {
                return position;
            }
            position = written(position + RecordWord.length(segment.word(position)));
        }
    }
}
