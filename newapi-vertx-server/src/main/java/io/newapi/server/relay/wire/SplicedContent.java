package io.newapi.server.relay.wire;

import java.util.List;

/** The bytes of another body, some of them left out or replaced on the way. */
final class SplicedContent implements Content {

    /**
     * Bytes of our own, and what follows them.
     *
     * @param at where they begin in the whole
     * @param start where what follows begins in the source
     * @param end and where it ends
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Piece(int at, byte[] text, int start, int end) {

        int behind() {
            return at + text.length + end - start;
        }
    }

    private final Content source;
    private final List<Piece> pieces;

    /** @param pieces each begins where the one before ends */
    SplicedContent(Content source, List<Piece> pieces) {
        this.source = source;
        this.pieces = List.copyOf(pieces);
    }

    @Override
    public int length() {
        return pieces.isEmpty() ? 0 : pieces.get(pieces.size() - 1).behind();
    }

    @Override
    public boolean inMemory() {
        return source.inMemory();
    }

    @Override
    public void read(int from, byte[] into, int at, int count) {
        int to = from + count;
        for (Piece piece : pieces) {
            int text = piece.at() + piece.text().length;
            int start = Math.max(from, piece.at());
            int ours = Math.min(to, text) - start;
            if (ours > 0) {
                System.arraycopy(piece.text(), start - piece.at(), into, at + start - from, ours);
            }
            start = Math.max(from, text);
            int theirs = Math.min(to, piece.behind()) - start;
            if (theirs > 0) {
                source.read(piece.start() + start - text, into, at + start - from, theirs);
            }
        }
    }
}
