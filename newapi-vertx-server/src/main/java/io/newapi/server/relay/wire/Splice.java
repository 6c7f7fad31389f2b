package io.newapi.server.relay.wire;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Replaces ranges of a byte array; the ranges do not overlap. */
final class Splice {

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Cut(int start, int end, byte[] insert) {}

    private final byte[] source;
    private final List<Cut> cuts = new ArrayList<>();

    Splice(byte[] source) {
        this.source = source;
    }

    void replace(int start, int end, byte[] insert) {
        cuts.add(new Cut(start, end, insert));
    }

    /** All of it; the source itself if nothing changes. */
    byte[] bytes() {
        if (cuts.isEmpty()) {
            return source;
        }
        // what is inserted where a range begins comes before it
        cuts.sort(Comparator.comparingInt(Cut::start).thenComparingInt(Cut::end));
        int length = source.length;
        for (Cut cut : cuts) {
            length += cut.insert().length - (cut.end() - cut.start());
        }
        byte[] target = new byte[length];
        int from = 0;
        int to = 0;
        for (Cut cut : cuts) {
            System.arraycopy(source, from, target, to, cut.start() - from);
            to += cut.start() - from;
            System.arraycopy(cut.insert(), 0, target, to, cut.insert().length);
            to += cut.insert().length;
            from = cut.end();
        }
        System.arraycopy(source, from, target, to, source.length - from);
        return target;
    }
}
