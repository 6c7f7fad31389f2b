package io.newapi.server.store;

/**
 * What calls of one hour used.
 *
 * @param userId 0 in sums over users
 * @param username "" in sums over users
 * @param createdAt start of the hour, Unix seconds
 * @param tokenUsed text tokens
 * @param count calls
 * @param quota quota units
 */
public record HourlyUsageRow(
        long userId, String username, String modelName, long createdAt, long tokenUsed, long count, long quota) {}
