package io.newapi.server.store;

/**
 * A token to be created; its key is made by the store.
 *
 * @param expiredTime Unix seconds, -1 for never; 0 is stored as -1, as the original does
 * @param remainQuota its own limit in quota units, without meaning when unlimited
 * @param modelLimits model names, separated by commas
 * @param allowIps addresses or CIDR blocks, one a line; empty for any
 * @param group empty for the user's own, or {@code auto}
 */
public record NewToken(
        long userId,
        String name,
        long expiredTime,
        long remainQuota,
        boolean unlimitedQuota,
        boolean modelLimitsEnabled,
        String modelLimits,
        String allowIps,
        String group,
        boolean crossGroupRetry) {

    /** A token that never expires and has no limit of its own. */
    public static NewToken unlimited(long userId, String name) {
        return new NewToken(userId, name, -1, 0, true, false, "", "", "", false);
    }
}
