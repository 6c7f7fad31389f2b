package io.newapi.server;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Under which keys the original's nodes keep users and tokens in Redis. Immutable. */
final class OriginalKeys {

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec secret;

    /** @param cryptoSecret the one that its nodes have as {@code CRYPTO_SECRET}, not empty */
    OriginalKeys(byte[] cryptoSecret) {
        this.secret = new SecretKeySpec(cryptoSecret, ALGORITHM);
    }

    static String ofUser(long id) {
        return "user:" + id;
    }

    /** @param key of a token, without {@code sk-} */
    String ofToken(String key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            return "token:" + HexFormat.of().formatHex(mac.doFinal(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
