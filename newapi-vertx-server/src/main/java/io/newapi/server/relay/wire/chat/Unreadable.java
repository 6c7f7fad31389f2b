package io.newapi.server.relay.wire.chat;

import java.io.Serial;

/** Somebody wrote what their format does not have. Carries no stack trace. */
public final class Unreadable extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    private final String field;

    /**
     * For this field.
     *
     * @param field its path, as {@code messages[2].content}; may be empty
     * @param reason a sentence's end without quoting what was sent
     */
    public Unreadable(String field, String reason) {
        super(reason, null, false, false);
        this.field = field;
    }

    /** The path of the field that is at fault; may be empty. */
    public String field() {
        return field;
    }

    /** What is wrong with it. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
