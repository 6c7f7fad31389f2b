package io.newapi.server.shape;

import java.io.Serial;

/** The channel answers a request itself, with an error. */
public final class ReturnedErrorException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    private final ReturnedError error;

    ReturnedErrorException(ReturnedError error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    /** What the client is told. */
    public ReturnedError error() {
        return error;
    }
}
