package io.newapi.server.store;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/** Makes random keys and codes of {@code 0-9a-zA-Z}. As safe for threads, and as hard to guess, as its generator. */
public final class RandomText {

    private static final String ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private final RandomGenerator random;

    /** Takes its randomness from {@code random}; for keys that must be a {@link SecureRandom}. */
    public RandomText(RandomGenerator random) {
        this.random = random;
    }

    /** Cryptographic randomness, for production. */
    public static RandomText secure() {
        return new RandomText(new SecureRandom());
    }

    /** A text of {@code length} characters, every one equally likely. */
    public String alphanumeric(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
