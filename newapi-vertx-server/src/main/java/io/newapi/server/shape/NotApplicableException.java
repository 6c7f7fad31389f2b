package io.newapi.server.shape;

import java.io.Serial;

/** An override makes no sense for this request; the message repeats nothing of the request. */
public final class NotApplicableException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    NotApplicableException(String message) {
        super(message, null, false, false);
    }
}
