package io.newapi.server.relay;

import io.newapi.server.relay.wire.RelayError;
import java.io.Serial;

/** Carries a {@link RelayError} through a chain of futures; has no stack trace. */
public final class RelayFailure extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    private final transient RelayError error;

    /** A failure that the caller is told as {@code error}. */
    public RelayFailure(RelayError error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    /** What the caller is told. */
    public RelayError error() {
        return error;
    }
}
