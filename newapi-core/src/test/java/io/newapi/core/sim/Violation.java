package io.newapi.core.sim;

import java.io.Serial;

/** An invariant does not hold. */
final class Violation extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    private final String invariant;

    /** @param invariant its short name, I1 to I7 */
    Violation(String invariant, String message) {
        super(invariant + ": " + message);
        this.invariant = invariant;
    }

    String invariant() {
        return invariant;
    }
}
