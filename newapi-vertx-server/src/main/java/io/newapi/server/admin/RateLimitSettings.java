package io.newapi.server.admin;

import java.time.Duration;

/**
 * One class of rate limit.
 *
 * @param enabled whether anything is refused at all
 * @param limit calls in a window, at least 1
 * @param window the window's length
 */
public record RateLimitSettings(boolean enabled, int limit, Duration window) {

    /** {@code GLOBAL_API_RATE_LIMIT*} unless set: 180 calls in 180 s and address. */
    public static final RateLimitSettings GLOBAL = new RateLimitSettings(true, 180, Duration.ofMinutes(3));

    /** {@code CRITICAL_RATE_LIMIT*} unless set: 20 calls in 1200 s and address. */
    public static final RateLimitSettings CRITICAL = new RateLimitSettings(true, 20, Duration.ofMinutes(20));

    /** @throws IllegalArgumentException if the limit or the window is not positive */
    public RateLimitSettings {
        if (limit < 1) {
            throw new IllegalArgumentException("a rate limit must be at least 1: " + limit);
        }
        if (window.isZero() || window.isNegative()) {
            throw new IllegalArgumentException("a rate limit's window must be positive: " + window);
        }
    }

    /** No limit. */
    public static RateLimitSettings off() {
        return new RateLimitSettings(false, 1, Duration.ofMinutes(1));
    }
}
