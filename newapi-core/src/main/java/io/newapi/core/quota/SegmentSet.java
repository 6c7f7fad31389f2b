package io.newapi.core.quota;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The segments of a journal that are in memory, ascending. Looking one up takes no lock and makes nothing. Thread-safe. */
final class SegmentSet {

    private volatile Segment[] segments = {};

    /** The segment of this number; null when it is not here. */
    @Nullable
    Segment get(int number) {
        Segment[] all = segments;
        if (all.length == 0) {
            return null;
        }
        int guess = number - all[0].number();
        if (guess >= 0 && guess < all.length && all[guess].number() == number) {
            return all[guess];
        }
        // only with gaps, which damage makes
        for (Segment segment : all) {
            if (segment.number() == number) {
                return segment;
            }
        }
        return null;
    }

    /** The first one whose number is at least {@code number}; null when there is none. */
    @Nullable
    Segment from(int number) {
        for (Segment segment : segments) {
            if (segment.number() >= number) {
                return segment;
            }
        }
        return null;
    }

    List<Segment> all() {
        return List.of(segments);
    }

    synchronized void add(Segment added) {
        Segment[] more = Arrays.copyOf(segments, segments.length + 1);
        int at = segments.length;
        for (; at > 0 && more[at - 1].number() > added.number(); at--) {
            more[at] = more[at - 1];
        }
        more[at] = added;
        segments = more;
    }

    /** Lets go of all before {@code number}; returns them. */
    synchronized List<Segment> removeBefore(int number) {
        Segment[] all = segments;
        int kept = 0;
        while (kept < all.length && all[kept].number() < number) {
            kept++;
        }
        if (kept == 0) {
            return List.of();
        }
        segments = Arrays.copyOfRange(all, kept, all.length);
        return List.of(Arrays.copyOf(all, kept));
    }

    synchronized void clear() {
        segments = new Segment[0];
    }
}
