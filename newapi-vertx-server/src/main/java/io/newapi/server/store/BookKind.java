package io.newapi.server.store;

/** Whose books they are. The codes are stored. */
public enum BookKind {
    /** A user's balance and charges. */
    USER(1),
    /** A token's limit and charges. */
    TOKEN(2),
    /** What a channel served; it has no balance. */
    CHANNEL(3);

    private final int code;

    BookKind(int code) {
        this.code = code;
    }

    /** The stored code. */
    int code() {
        return code;
    }

    /** @throws IllegalArgumentException for a code that no version has stored */
    static BookKind fromCode(int code) {
        for (BookKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no kind of books: " + code);
    }

    static BookKind of(AccountKind kind) {
        return switch (kind) {
            case USER -> USER;
            case TOKEN -> TOKEN;
        };
    }
}
