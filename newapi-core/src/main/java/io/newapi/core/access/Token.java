package io.newapi.core.access;

/**
 * A credential for the API and what it may be used for. The secret key is not part of it, so a token may be logged.
 *
 * @param id positive, or 0 for one that is stored nowhere (a playground call)
 * @param userId the owner, positive
 * @param group {@code ""} for the user's own group, {@link Groups#AUTO} to look for a group that serves the model, or the
 *     name of a group
 * @param crossGroupRetry under {@link Groups#AUTO}, whether a failed call may go on to the next group
 */
public record Token(
        long id,
        long userId,
        String name,
        TokenStatus status,
        Expiry expiry,
        TokenQuota quota,
        ModelLimits modelLimits,
        AddressRules addresses,
        String group,
        boolean crossGroupRetry) {

    /** @throws IllegalArgumentException if {@code id} is negative or {@code userId} not positive */
    public Token {
        if (id < 0) {
            throw new IllegalArgumentException("token id must not be negative: " + id);
        }
        if (userId <= 0) {
            throw new IllegalArgumentException("user id must be positive: " + userId);
        }
        group = group.strip();
    }
}
