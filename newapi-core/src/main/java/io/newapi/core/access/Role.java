package io.newapi.core.access;

/** What a user may administer, in rising order. Stored as New API's column {@code users.role} has it. */
public enum Role {
    GUEST(0),
    COMMON(1),
    ADMIN(10),
    ROOT(100);

    private final int code;

    Role(int code) {
        this.code = code;
    }

    /** The stored number. */
    public int code() {
        return code;
    }

    /** Whether this role has everything that {@code other} has. */
    public boolean atLeast(Role other) {
        return code >= other.code;
    }

    /**
     * The highest role that a stored number reaches: numbers between two roles grant the lower one, as comparing numbers
     * does, and numbers below zero grant {@link #GUEST}.
     */
    public static Role fromCode(int code) {
        Role reached = GUEST;
        for (Role role : values()) {
            if (code >= role.code) {
                reached = role;
            }
        }
        return reached;
    }
}
