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
 * Encrypts frames, and lets only those in that were encrypted with the same secret: AES-256-GCM with a random nonce, the
 * key derived from the secret with HMAC-SHA256 and a label that says what it is for.
 *
 * <pre>
 *    1 byte   version, 1
 *   12 bytes  nonce
 *    ...      frame, encrypted, with its tag of 16 bytes
 * </pre>
 *
 * <p>Confined to one thread.
 */
final class FrameSeal {

    /** What may be sent at once, everything included. */
    static final int MAX_BYTES = 1024 * 1024;

    private static final byte VERSION = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final int HEAD_BYTES = 1 + NONCE_BYTES;
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final String LABEL = "newapi event bus bridge, frames, version 1";

    private final SecretKeySpec key;
    private final SecureRandom random;

    FrameSeal(byte[] secret, SecureRandom random) {
        this.key = key(secret);
        this.random = random;
    }

    private static SecretKeySpec key(byte[] secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return new SecretKeySpec(mac.doFinal(LABEL.getBytes(StandardCharsets.UTF_8)), "AES");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    /** Empty if the frame is too large. */
    Optional<Buffer> seal(Frame frame) {
        byte[] plain = frame.bytes();
        if (plain.length > MAX_BYTES - HEAD_BYTES - TAG_BYTES) {
            return Optional.empty();
        }
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            return Optional.of(Buffer.buffer(HEAD_BYTES + plain.length + TAG_BYTES)
                    .appendByte(VERSION)
                    .appendBytes(nonce)
                    .appendBytes(cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(plain)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + CIPHER, e);
        }
    }

    /** Empty if the bytes are no frame of somebody who has the secret. */
    Optional<Frame> open(Buffer sealed) {
        if (sealed.length() < HEAD_BYTES + TAG_BYTES || sealed.length() > MAX_BYTES || sealed.getByte(0) != VERSION) {
            return Optional.empty();
        }
        try {
            byte[] nonce = sealed.getBytes(1, HEAD_BYTES);
            return Frame.of(cipher(Cipher.DECRYPT_MODE, nonce).doFinal(sealed.getBytes(HEAD_BYTES, sealed.length())));
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
