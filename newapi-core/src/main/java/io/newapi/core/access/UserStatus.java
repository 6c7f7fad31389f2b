package io.newapi.core.access;

/** Whether a user may call at all. Stored as New API's column {@code users.status} has it. */
public enum UserStatus {
    ENABLED(1),
    DISABLED(2);

    private final int code;

    UserStatus(int code) {
        this.code = code;
    }

    /** The stored number. */
    public int code() {
        return code;
    }

    /** The status stored as {@code code}; a number nobody knows reads as {@link #DISABLED}, so that it opens no door. */
    public static UserStatus fromCode(int code) {
        return code == ENABLED.code ? ENABLED : DISABLED;
    }
}
