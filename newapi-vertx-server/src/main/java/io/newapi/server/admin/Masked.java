package io.newapi.server.admin;

/** Shows as much of a secret as helps to recognise it: the first four and the last four characters at most. */
final class Masked {

    private static final int SHOWN = 4;

    private Masked() {}

    static String key(String secret) {
        return secret.length() < 4 * SHOWN
                ? "**********"
                : secret.substring(0, SHOWN) + "**********" + secret.substring(secret.length() - SHOWN);
    }
}
