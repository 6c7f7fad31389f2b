package io.newapi.core.quota;

/**
 * One balance that the ledger keeps: a user's allowance, or a token's own limit within it.
 *
 * @param kind whose balance it is
 * @param id the user's or token's id, positive
 */
public record Account(Kind kind, long id) implements Comparable<Account> {

    /** The two kinds of balance, with the code under which they are stored. */
    public enum Kind {
        /** A user's allowance. */
        USER(1),
        /** A token's own limit. */
        TOKEN(2);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        /** The stored code, 1 or 2. */
        public int code() {
            return code;
        }

        /** @throws IllegalArgumentException if no kind has this code */
        public static Kind fromCode(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("no account kind has the code " + code);
        }
    }

    /** @throws IllegalArgumentException if {@code id} is not positive */
    public Account {
        if (id <= 0) {
            throw new IllegalArgumentException("account id must be positive: " + id);
        }
    }

    /** The allowance of user {@code id}. */
    public static Account user(long id) {
        return new Account(Kind.USER, id);
    }

    /** The limit of token {@code id}. */
    public static Account token(long id) {
        return new Account(Kind.TOKEN, id);
    }

    /** By kind, then id: the one order in which accounts are locked. */
    @Override
    public int compareTo(Account other) {
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : Long.compare(id, other.id);
    }

    @Override
    public String toString() {
        return (kind == Kind.USER ? "user " : "token ") + id;
    }
}
