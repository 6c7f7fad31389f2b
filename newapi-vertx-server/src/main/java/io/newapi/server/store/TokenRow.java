package io.newapi.server.store;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code tokens}; NULL has become 0, an empty text or false. The key stays out of {@link #toString}.
 *
 * @param key 48 characters, without the prefix {@code sk-}
 * @param status 1 enabled, 2 disabled, 3 expired, 4 exhausted
 * @param createdTime Unix seconds
 * @param accessedTime Unix seconds
 * @param expiredTime Unix seconds, -1 for never
 * @param balance what is in {@code remain_quota}; less than {@link #remainQuota} while nodes hold leases
 * @param leased what nodes hold of this token's own limit
 * @param modelLimits model names, separated by commas
 * @param allowIps addresses or CIDR blocks, one a line; empty for any
 * @param group empty for the user's own, or {@code auto}
 * @param deletionTime when it was deleted, or null for a live token
 */
public record TokenRow(
        long id,
        long userId,
        String key,
        int status,
        String name,
        long createdTime,
        long accessedTime,
        long expiredTime,
        long balance,
        long leased,
        boolean unlimitedQuota,
        boolean modelLimitsEnabled,
        String modelLimits,
        String allowIps,
        long usedQuota,
        String group,
        @Nullable Instant deletionTime,
        boolean crossGroupRetry) {

    /** What is left of the token's own limit, as it is to be shown and compared: the balance and what nodes hold. */
    public long remainQuota() {
        return balance + leased;
    }

    /** When it was deleted. */
    public Optional<Instant> deletedAt() {
        return Optional.ofNullable(deletionTime);
    }

    @Override
    public String toString() {
        return "TokenRow[id=" + id + ", userId=" + userId + ", name=" + name + ", status=" + status + ", group=" + group
                + "]";
    }
}
