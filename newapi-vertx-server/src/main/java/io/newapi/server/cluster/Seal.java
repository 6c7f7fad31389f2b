package io.newapi.server.cluster;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts what only nodes with the same secret may read and write: AES-256-GCM with a random nonce, the key derived from
 * the secret with HMAC-SHA256 and a label that says what it is for.
 *
 * <pre>
 *    1 byte   version, 1
 *   12 bytes  nonce
 *    ...      what is sealed, encrypted, with its tag of 16 bytes
 * </pre>
 *
 * <p>Thread-safe.
 */
public final class Seal {

    /** By how much something grows when it is sealed. */
    static final int ADDED_BYTES = 1 + 12 + 16;

    private static final byte VERSION = 1;
    private static final int TAG_BYTES = 16;
    private static final int HEAD_BYTES = ADDED_BYTES - TAG_BYTES;
    private static final String CIPHER = "AES/GCM/NoPadding";

    private final SecretKeySpec key;
    private final SecureRandom random;

    /**
     * A seal of its own for each use.
     *
     * @param label what it is for; another label is another key
     */
    public Seal(byte[] secret, String label, SecureRandom random) {
        this.key = key(secret, label);
        this.random = random;
    }

    private static SecretKeySpec key(byte[] secret, String label) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return new SecretKeySpec(mac.doFinal(label.getBytes(StandardCharsets.UTF_8)), "AES");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    /** Something that can be given out of hand. */
    public Buffer seal(byte[] plain) {
        byte[] nonce = new byte[HEAD_BYTES - 1];
        random.nextBytes(nonce);
        try {
            return Buffer.buffer(plain.length + ADDED_BYTES)
                    .appendByte(VERSION)
                    .appendBytes(nonce)
                    .appendBytes(cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(plain));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + CIPHER, e);
        }
    }

    /** What was sealed; empty if it was not, with this secret and for this use, or was changed. */
    public Optional<byte[]> open(Buffer sealed) {
        if (sealed.length() < ADDED_BYTES || sealed.getByte(0) != VERSION) {
            return Optional.empty();
        }
        try {
            byte[] nonce = sealed.getBytes(1, HEAD_BYTES);
            return Optional.of(
                    cipher(Cipher.DECRYPT_MODE, nonce).doFinal(sealed.getBytes(HEAD_BYTES, sealed.length())));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * 8, nonce));
        cipher.updateAAD(new byte[] {VERSION});
        return cipher;
    }
}
