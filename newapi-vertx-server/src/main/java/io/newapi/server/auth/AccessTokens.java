package io.newapi.server.auth;

import io.newapi.server.store.AccessTokenRow;
import io.newapi.server.store.AccessTokenStore;
import io.newapi.server.store.UserRow;
import io.newapi.server.store.UserStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Access tokens for scripts, of two kinds: the original's, one per user and kept in the user's row, and named ones of ours, as many
 * as wanted, with an expiry, of which only the SHA-256 is stored. Both are shown once, when they are made.
 *
 * <p>Blocks: for worker threads. Thread-safe.
 */
public final class AccessTokens {

    private static final String NAMED_PREFIX = "nat-";
    private static final int NAMED_BYTES = 32;
    private static final int MAX_LENGTH = 128;
    private static final int ATTEMPTS = 5;
    private static final long USED_INTERVAL_SECONDS = 60;

    private final UserStore users;
    private final AccessTokenStore named;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    /** Access tokens of these stores. */
    public AccessTokens(UserStore users, AccessTokenStore named, InstantSource clock) {
        this.users = users;
        this.named = named;
        this.clock = clock;
    }

    /**
     * Whose access token was sent.
     *
     * @param user the user as the store has him now
     * @param named whether it is a named one
     */
    public record Holder(UserRow user, boolean named) {}

    /**
     * A named access token that was just made.
     *
     * @param secret the token itself, to be shown this once
     * @param row what is stored
     */
    public record Made(String secret, AccessTokenRow row) {
        @Override
        public String toString() {
            return "Made[" + row + "]";
        }
    }

    /** The holder of the access token in an {@code Authorization} header, with or without {@code Bearer}. */
    public Optional<Holder> find(String authorization) {
        String text = authorization.strip();
        String token =
                text.regionMatches(true, 0, "Bearer ", 0, 7) ? text.substring(7).strip() : text;
        if (token.isEmpty() || token.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        return token.startsWith(NAMED_PREFIX)
                ? findNamed(token)
                : users.byAccessToken(token).map(user -> new Holder(user, false));
    }

    private Optional<Holder> findNamed(String token) {
        long now = clock.instant().getEpochSecond();
        Optional<AccessTokenRow> row = named.byHash(sha256(token)).filter(found -> found.validAt(now));
        row.filter(found -> now - found.lastUsedAt() >= USED_INTERVAL_SECONDS)
                .ifPresent(found -> named.used(found.id()));
        return row.flatMap(found -> users.byId(found.userId())).map(user -> new Holder(user, true));
    }

    /** Makes the user's own access token anew; the one before stops working. */
    public String replaceOwn(long userId) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            byte[] bytes = new byte[(29 + random.nextInt(4)) * 3 / 4];
            random.nextBytes(bytes);
            String token = Base64.getEncoder().encodeToString(bytes);
            if (users.setAccessToken(userId, token)) {
                return token;
            }
        }
        throw new IllegalStateException("no access token could be stored for user " + userId);
    }

    /**
     * Makes a named access token.
     *
     * @param expiresAt Unix seconds, 0 for never
     * @return empty if the user has as many as a user may have
     */
    public Optional<Made> create(long userId, String name, long expiresAt) {
        byte[] bytes = new byte[NAMED_BYTES];
        random.nextBytes(bytes);
        String secret = NAMED_PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        return named.create(userId, sha256(secret), name, expiresAt).map(row -> new Made(secret, row));
    }

    /** The user's named access tokens that still count, the newest first. */
    public List<AccessTokenRow> list(long userId) {
        return named.valid(userId);
    }

    /** Ends a named access token of the user; false if there is none. */
    public boolean revoke(long userId, long id) {
        return named.revoke(userId, id);
    }

    /** Ends all access tokens of a user, of either kind. */
    public void revokeAll(long userId) {
        users.setAccessToken(userId, null);
        named.revokeAll(userId);
    }

    private static String sha256(String token) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", e);
        }
    }
}
