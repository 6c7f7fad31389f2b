package io.newapi.server.auth;

import java.security.SecureRandom;

/** Ids of {@code 0-9a-z} that cannot be guessed. Thread-safe. */
final class LowerCaseIds {

    private static final String CHARACTERS = "0123456789abcdefghijklmnopqrstuvwxyz";

    private final SecureRandom random = new SecureRandom();

    String next(int length) {
        StringBuilder id = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            id.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
        }
        return id.toString();
    }
}
