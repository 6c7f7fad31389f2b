package io.newapi.server.shape;

import java.io.Serial;

/** A channel's own text says something that cannot be done; the message says where, and repeats no value. */
public final class InvalidShapeException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    /** @param message what is wrong, and where */
    public InvalidShapeException(String message) {
        super(message, null, false, false);
    }

    /** The same, somewhere: {@code place} is put in front. */
    InvalidShapeException at(String place) {
        return new InvalidShapeException(place + ": " + getMessage());
    }
}
