package io.newapi.core.access;

/** Whether a token may be used. Stored as New API's column {@code tokens.status} has it. */
public enum TokenStatus {
    ENABLED(1),
    DISABLED(2),
    EXPIRED(3),
    EXHAUSTED(4);

    private final int code;

    TokenStatus(int code) {
        this.code = code;
    }

    /** The stored number. */
    public int code() {
        return code;
    }

    /** The status stored as {@code code}; a number nobody knows reads as {@link #DISABLED}, so that it opens no door. */
    public static TokenStatus fromCode(int code) {
        for (TokenStatus status : values()) {
            if (status.code == code) {
                return status;
            }
        }
        return DISABLED;
    }
}
