package io.newapi.core.sim;

/** A session's slice of one account. */
final class Cell {

    int free;
    int believedHeld;
    boolean recalled;

    /** On the node's own clock. */
    long tightUntil;

    /** On the node's own clock. */
    long lastUse;

    /** Known to the simulator only: units that calls took and have neither journalled nor given back. */
    int owed;

    /** Known to the simulator only: units of calls whose reservation was confirmed. */
    int reserved;

    /** Known to the simulator only: an overage that is journalled but not yet subtracted, which must not be. */
    int toBeSubtracted;

    void clear(long nowOnNode) {
        free = 0;
        believedHeld = 0;
        recalled = false;
        tightUntil = nowOnNode;
        lastUse = nowOnNode;
        owed = 0;
        reserved = 0;
        toBeSubtracted = 0;
    }
}
