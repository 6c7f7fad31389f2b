package io.newapi.server.outbound;

import org.jspecify.annotations.Nullable;

/** There was no answer. The message says why, and nothing of the address but its host. */
public final class OutboundFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What kind of trouble it is. */
    public enum Reason {
        /** It is no web address, or leads to where requests must not go. */
        ADDRESS_REFUSED,
        /** Nobody has answered, or not in time. */
        NO_ANSWER
    }

    private final Reason reason;

    OutboundFailure(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** What kind of trouble it is. */
    public Reason reason() {
        return reason;
    }
}
