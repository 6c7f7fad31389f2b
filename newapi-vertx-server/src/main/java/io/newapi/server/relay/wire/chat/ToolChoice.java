package io.newapi.server.relay.wire.chat;

import org.jspecify.annotations.Nullable;

/**
 * Whether a model must call a tool.
 *
 * @param tool which, for {@link Mode#NAMED}; else empty
 * @param parallel whether it may call several at once; null if that is not said
 */
public record ToolChoice(Mode mode, String tool, @Nullable Boolean parallel) {

    /** Whether. */
    public enum Mode {
        /** The format's default. */
        UNSAID,
        /** As it likes. */
        AUTO,
        /** It must not. */
        NONE,
        /** It must, whichever. */
        REQUIRED,
        /** It must call that one. */
        NAMED
    }

    /** Nothing is said. */
    public static final ToolChoice UNSAID = new ToolChoice(Mode.UNSAID, "", null);

    /** One of the modes without a tool's name. */
    public static ToolChoice of(Mode mode) {
        return new ToolChoice(mode, "", null);
    }
}
