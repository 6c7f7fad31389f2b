package io.newapi.core.quota;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The name of one run of one process against an authority; never used again. It owns one journal and its leases.
 *
 * @param hex 32 lower-case hexadecimal digits
 */
public record WriterId(String hex) {

    private static final int BYTES = 16;

    /** @throws IllegalArgumentException if it is not 32 lower-case hexadecimal digits */
    public WriterId {
        if (hex.length() != 2 * BYTES || !hex.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            throw new IllegalArgumentException("a writer id has 32 lower-case hexadecimal digits: " + hex);
        }
    }

    /** A new id of 128 random bits. */
    public static WriterId random(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new WriterId(HexFormat.of().formatHex(bytes));
    }

    @Override
    public String toString() {
        return hex;
    }
}
