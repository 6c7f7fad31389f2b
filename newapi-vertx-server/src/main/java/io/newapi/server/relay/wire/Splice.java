package io.newapi.server.relay.wire;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Replaces ranges of a body; the ranges do not overlap. */
final class Splice {

    private static final byte[] NOTHING = new byte[0];

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Cut(int start, int end, byte[] insert) {}

    private final Content source;
    private final List<Cut> cuts = new ArrayList<>();

    Splice(Content source) {
        this.source = source;
    }

    void replace(int start, int end, byte[] insert) {
        cuts.add(new Cut(start, end, insert));
    }

    /** What comes of it; the source itself if nothing is replaced. */
    Content content() {
        if (cuts.isEmpty()) {
            return source;
        }
        // what is inserted where a range begins comes before it
        cuts.sort(Comparator.comparingInt(Cut::start).thenComparingInt(Cut::end));
        List<SplicedContent.Piece> pieces = new ArrayList<>(cuts.size() + 1);
        int at = 0;
        int from = 0;
        byte[] text = NOTHING;
        for (Cut cut : cuts) {
            SplicedContent.Piece piece = new SplicedContent.Piece(at, text, from, cut.start());
            pieces.add(piece);
            at = piece.behind();
            from = cut.end();
            text = cut.insert();
        }
        pieces.add(new SplicedContent.Piece(at, text, from, source.length()));
        return new SplicedContent(source, pieces);
    }
}
