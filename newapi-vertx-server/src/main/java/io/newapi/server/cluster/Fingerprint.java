package io.newapi.server.cluster;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Tells whether two nodes have the same secret, without the secret: eight bytes that are derived from it so slowly
 * (PBKDF2) that secrets cannot be tried by the million.
 */
public final class Fingerprint {

    private static final int ROUNDS = 100_000;
    private static final int BITS = 64;

    private Fingerprint() {}

    /**
     * Takes some ten milliseconds.
     *
     * @param what which secret it is; the same text as two secrets has two fingerprints
     * @return 16 hexadecimal digits
     */
    public static String of(String secret, String what) {
        byte[] salt = ("newapi fingerprint of " + what).getBytes(StandardCharsets.UTF_8);
        PBEKeySpec spec = new PBEKeySpec(secret.toCharArray(), salt, ROUNDS, BITS);
        try {
            byte[] key = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
            return HexFormat.of().formatHex(key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has PBKDF2WithHmacSHA256", e);
        } finally {
            spec.clearPassword();
        }
    }
}
