package io.newapi.core.sim;

/** The accounts of a run, numbered: first the users, then the tokens. Sets of accounts are bit masks. */
final class Accounts {

    static final int USERS = 2;
    static final int TOKENS = 2;
    static final int COUNT = USERS + TOKENS;

    private Accounts() {}

    static boolean isToken(int account) {
        return account >= USERS;
    }

    static int token(int token) {
        return USERS + token;
    }

    static boolean contains(int mask, int account) {
        return (mask >>> account & 1) != 0;
    }

    static int bit(int account) {
        return 1 << account;
    }

    static String name(int account) {
        return isToken(account) ? "token " + (account - USERS) : "user " + account;
    }

    static String names(int mask) {
        StringBuilder names = new StringBuilder();
        for (int account = 0; account < COUNT; account++) {
            if (contains(mask, account)) {
                names.append(names.isEmpty() ? "" : ", ").append(name(account));
            }
        }
        return names.isEmpty() ? "nothing" : names.toString();
    }
}
