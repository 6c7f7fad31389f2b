package io.newapi.server.store;

/**
 * A login: what a signed cookie refers to.
 *
 * @param loginId random, unique
 * @param createdAt Unix seconds
 * @param lastSeenAt Unix seconds
 * @param expiresAt Unix seconds
 * @param revokedAt Unix seconds, 0 if it was not revoked
 */
public record LoginRow(String loginId, long userId, long createdAt, long lastSeenAt, long expiresAt, long revokedAt) {

    /** Whether it still counts at a time (Unix seconds). */
    public boolean validAt(long now) {
        return revokedAt == 0 && now < expiresAt;
    }
}
