package io.newapi.server.relay.wire.chat;

import java.io.Serial;

/** A conversation has something for which another format has no words. Carries no stack trace. */
public final class Unsayable extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    private final String what;

    /**
     * For this thing.
     *
     * @param what it, in the words of {@code docs/translation.md}, as {@code several choices}
     */
    public Unsayable(String what) {
        super(what, null, false, false);
        this.what = what;
    }

    /** What cannot be said. */
    public String what() {
        return what;
    }
}
