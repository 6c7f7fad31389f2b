package io.newapi.server.relay.wire;

import io.newapi.core.estimate.Estimate;
import io.newapi.core.estimate.TextEstimator;

/** Counts what a model writes as it comes by. Keeps no text, only the count. Not thread-safe. */
abstract class WrittenText {

    private final Estimate estimate;
    private long pieces;

    /** @param model decides how text is estimated */
    WrittenText(String model) {
        this.estimate = TextEstimator.forModel(model).start();
    }

    /** Counts some more of it. */
    final void piece(String text) {
        pieces += text.isEmpty() ? 0 : 1;
        estimate.add(text);
    }

    /** Counts a piece whose text does not count. */
    final void emptyPiece() {
        pieces++;
    }

    /** How many pieces of text and calls of tools were written: more of them means that something was added. */
    final long pieces() {
        return pieces;
    }

    /** The estimated text units of everything seen. */
    long tokens() {
        return estimate.tokens();
    }
}
