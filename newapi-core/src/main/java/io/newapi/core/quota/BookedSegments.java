package io.newapi.core.quota;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Segments whose records are all booked. They stay as files for a while, in case the authority forgets what it booked, and
 * are not in memory. Thread-safe.
 */
final class BookedSegments {

    private record Kept(int number, long sinceNanos) {}

    private final SegmentFiles files;
    private final SegmentLayout layout;
    private final JournalSpace space;
    private final Duration keep;
    private final LongSupplier nanoClock;
    private final Deque<Kept> kept = new ArrayDeque<>();
    private @Nullable Segment lastOpened;

    BookedSegments(
            SegmentFiles files, SegmentLayout layout, JournalSpace space, Duration keep, LongSupplier nanoClock) {
        this.files = files;
        this.layout = layout;
        this.space = space;
        this.keep = keep;
        this.nanoClock = nanoClock;
    }

    synchronized void keep(List<Segment> segments) {
        long now = nanoClock.getAsLong();
        segments.forEach(segment -> kept.addLast(new Kept(segment.number(), now)));
    }

    /** Where the first of them begins; the end of all numbers when there is none. */
    synchronized long start() {
        Kept first = kept.peekFirst();
        return first == null ? Long.MAX_VALUE : layout.start(first.number());
    }

    synchronized long bytes() {
        return kept.stream().mapToLong(one -> layout.bytes(one.number())).sum();
    }

    /** Opens one of them to be read; null when it is not, or no longer, here. */
    synchronized @Nullable Segment open(int number) {
        if (kept.stream().noneMatch(one -> one.number() == number)) {
            return null;
        }
        if (lastOpened == null || lastOpened.number() != number) {
            lastOpened = files.open(number);
        }
        return lastOpened;
    }

    /** Deletes those whose time is over. */
    synchronized void deleteOld() {
        long now = nanoClock.getAsLong();
        Kept first = kept.peekFirst();
        while (first != null && now - first.sinceNanos() >= keep.toNanos() && deleteOldest()) {
            first = kept.peekFirst();
        }
    }

    /** Deletes one; false when there is none, or it cannot be deleted now: it only takes room, and the next call tries again. */
    synchronized boolean deleteOldest() {
        Kept first = kept.peekFirst();
        if (first == null || !files.delete(first.number())) {
            return false;
        }
        kept.removeFirst();
        space.free(layout.bytes(first.number()));
        lastOpened = null;
        return true;
    }

    synchronized void forget() {
        kept.clear();
        lastOpened = null;
    }
}
