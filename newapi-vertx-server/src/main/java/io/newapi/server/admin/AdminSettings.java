package io.newapi.server.admin;

import java.time.Instant;

/**
 * What the node's configuration says about the admin API; fixed while the node runs.
 *
 * @param version the product's version, shown in {@code /api/status}
 * @param databaseType {@code sqlite}, {@code mysql} or {@code postgres}
 * @param startTime when this node started
 * @param global the limit on all calls of an address
 * @param critical the limit on logins, key reveals and the like
 * @param tokenKeysMasked whether lists of API tokens show only the ends of keys; the stock console of 2025-12 needs them whole
 * @param batchUpdates what {@code /api/status} shows as {@code enable_batch_update}
 */
public record AdminSettings(
        String version,
        String databaseType,
        Instant startTime,
        RateLimitSettings global,
        RateLimitSettings critical,
        boolean tokenKeysMasked,
        boolean batchUpdates) {

    /** Whether other nodes may use the same database: a file is one node's. */
    boolean sharesDatabase() {
        return !databaseType.equals("sqlite");
    }

    /** The settings of a node for which nothing was configured. */
    public static AdminSettings standard(String version, Instant startTime) {
        return new AdminSettings(
                version, "sqlite", startTime, RateLimitSettings.GLOBAL, RateLimitSettings.CRITICAL, false, false);
    }
}
