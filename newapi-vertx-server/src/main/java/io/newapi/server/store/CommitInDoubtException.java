package io.newapi.server.store;

/**
 * The database did not answer a COMMIT, or answered it with an error: the transaction may have been committed or not.
 * The work must not simply be done again.
 */
final class CommitInDoubtException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CommitInDoubtException(String message, Throwable cause) {
        super(message, cause);
    }
}
