package io.newapi.server.store;

/** What kind of balance is meant. The codes are stored in the lease and credit tables. */
public enum AccountKind {
    /** A user's balance: {@code users.quota}. */
    USER(1),
    /** A token's own limit: {@code tokens.remain_quota}. */
    TOKEN(2);

    private final int code;

    AccountKind(int code) {
        this.code = code;
    }

    /** The stored code. */
    public int code() {
        return code;
    }

    /** @throws IllegalArgumentException if no kind has this code */
    public static AccountKind fromCode(int code) {
        return switch (code) {
            case 1 -> USER;
            case 2 -> TOKEN;
            default -> throw new IllegalArgumentException("unknown account kind: " + code);
        };
    }
}
