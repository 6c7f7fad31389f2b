package io.newapi.core.quota;

import java.io.Serial;

/** A journal could not be read or written. */
public final class JournalFailure extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    /** @param message names the file and what was attempted */
    public JournalFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /** @param message names the file and what is wrong */
    public JournalFailure(String message) {
        super(message);
    }
}
