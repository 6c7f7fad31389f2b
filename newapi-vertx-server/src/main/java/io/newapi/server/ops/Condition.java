package io.newapi.server.ops;

/**
 * How a part of the node is.
 *
 * @param level what follows from it
 * @param reason one word for programs and people, never an address or a secret; empty if there is nothing to say
 */
public record Condition(Level level, String reason) {

    /** What a condition means for the node. */
    public enum Level {
        /** All is well. */
        OK,
        /** The node serves all the same. */
        DEGRADED,
        /** The node cannot serve: others should. */
        FAILED
    }

    /** The level as a figure: 0 is well, and what is worse is more. */
    int severity() {
        return switch (level) {
            case OK -> 0;
            case DEGRADED -> 1;
            case FAILED -> 2;
        };
    }

    /** All is well. */
    public static Condition ok() {
        return new Condition(Level.OK, "");
    }

    /** Something is missing that the node can do without for a while. */
    public static Condition degraded(String reason) {
        return new Condition(Level.DEGRADED, reason);
    }

    /** Something is missing that no call can do without. */
    public static Condition failed(String reason) {
        return new Condition(Level.FAILED, reason);
    }
}
