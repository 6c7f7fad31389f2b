package io.newapi.server.relay.wire.chat;

import java.util.List;

/**
 * What one side said before the other spoke.
 *
 * @param role who
 * @param parts what, in order; results of tools are the user's
 */
public record Turn(Role role, List<Part> parts) {

    /** The two who speak. */
    public enum Role {
        /** The one who asks, and whose program runs the tools. */
        USER,
        /** The model. */
        ASSISTANT
    }

    /** An immutable copy. */
    public Turn {
        parts = List.copyOf(parts);
    }
}
