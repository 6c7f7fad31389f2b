package io.newapi.sandbox;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** What a provider puts beside reasoning, to know its own when it comes back. The same for the same reasoning. */
final class Signature {

    private Signature() {}

    static String of(String reasoning) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update("sandbox signature of ".getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest.digest(reasoning.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
