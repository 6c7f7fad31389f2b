package io.newapi.server.mail;

import org.jspecify.annotations.Nullable;

/** A mail was not taken. The message says why, in words of this node: what a server answers may repeat what it was told. */
public final class MailFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean lasting;

    MailFailure(String message, boolean lasting, @Nullable Throwable cause) {
        super(message, cause);
        this.lasting = lasting;
    }

    /** Whether it would not be taken later either. */
    public boolean isLasting() {
        return lasting;
    }
}
