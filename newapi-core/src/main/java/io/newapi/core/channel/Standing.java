package io.newapi.core.channel;

/** How a channel or key stands in a selection. In order: those with the lower {@link #rank()} come first. */
public enum Standing {
    /** It may be called. */
    WELL(0),
    /** Its cool-down is over; one call may find out whether it is well again, and is chosen as if it were. */
    DUE(0),
    /** It has failed too often lately. */
    COOLING(1),
    /** It has failed, and the upstream said when to come back. */
    TOLD_TO_WAIT(2);

    private final int rank;

    Standing(int rank) {
        this.rank = rank;
    }

    /** The lower, the sooner it is chosen. */
    public int rank() {
        return rank;
    }
}
