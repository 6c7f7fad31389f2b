package io.newapi.server.store;

/**
 * A named access token for the admin API. Only a hash of it is stored, and the hash is not part of this row.
 *
 * @param createdAt Unix seconds
 * @param expiresAt Unix seconds, 0 for never
 * @param lastUsedAt Unix seconds, 0 for never
 * @param revokedAt Unix seconds, 0 if it was not revoked
 */
public record AccessTokenRow(
        long id, long userId, String name, long createdAt, long expiresAt, long lastUsedAt, long revokedAt) {

    /** Whether it still counts at a time (Unix seconds). */
    public boolean validAt(long now) {
        return revokedAt == 0 && (expiresAt == 0 || now < expiresAt);
    }
}
