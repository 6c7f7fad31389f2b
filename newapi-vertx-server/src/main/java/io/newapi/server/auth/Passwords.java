package io.newapi.server.auth;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/**
 * Password hashes: bcrypt, cost 10, written as {@code $2a$}; {@code $2a$}, {@code $2b$} and {@code $2y$} are accepted.
 *
 * <p>Every call takes some 50 ms of processor time by design: call it on worker threads only. Immutable and thread-safe.
 */
public final class Passwords {

    /** bcrypt reads no more than this many bytes; longer passwords are refused rather than cut. */
    public static final int MAX_BYTES = 71;

    private static final int COST = 10;
    private static final Set<String> VERSIONS = Set.of("$2a$", "$2b$", "$2y$");

    private final String nobody;

    /** Prepares the hash that stands for unknown users; takes as long as one comparison. */
    public Passwords() {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        this.nobody = hash(Base64.getEncoder().encodeToString(random));
    }

    /**
     * The hash to store for {@code password}.
     *
     * @throws IllegalArgumentException if the password is longer than {@link #MAX_BYTES} in UTF-8
     */
    public String hash(String password) {
        int length = password.getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a password has at most " + MAX_BYTES + " bytes, this one has " + length);
        }
        return BCrypt.withDefaults().hashToString(COST, password.toCharArray());
    }

    /** Whether {@code password} belongs to {@code hash}; an empty or foreign hash belongs to no password. */
    public boolean matches(String password, String hash) {
        boolean usable = hash.length() == 60 && VERSIONS.contains(hash.substring(0, 4));
        BCrypt.Result result = BCrypt.verifyer(
                        BCrypt.Version.VERSION_2A, LongPasswordStrategies.truncate(BCrypt.Version.VERSION_2A))
                .verify(password.toCharArray(), usable ? hash : nobody);
        return usable && result.verified;
    }

    /** Spends the time of a comparison for a user that does not exist, so that an answer's delay tells nothing. */
    public void compareWithNobody(String password) {
        matches(password, nobody);
    }
}
