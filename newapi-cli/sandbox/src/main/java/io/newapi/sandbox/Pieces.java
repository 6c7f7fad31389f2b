package io.newapi.sandbox;

/** A text that is handed out in pieces, which join to the whole. Immutable. */
interface Pieces {

    /** How many, at least 1. */
    long count();

    /** Piece {@code index}, from 0. */
    String at(long index);

    /** All pieces in one. */
    String whole();

    /** Tokens of the whole when nobody asked for a figure. */
    long words();
}
