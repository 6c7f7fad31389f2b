package io.newapi.server.jobs;

/** A notice was not taken. The message says why, and nothing that is secret. */
final class NotTold extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean lasting;

    NotTold(String message, boolean lasting) {
        super(message, null, false, false);
        this.lasting = lasting;
    }

    /** Whether it would not be taken later either. */
    boolean isLasting() {
        return lasting;
    }
}
