package io.newapi.server;

import java.io.Serial;

/** The node cannot start; the message says what is in the way and what to do. */
public final class StartFailure extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    /** @param message for the operator */
    public StartFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
