package io.newapi.server.admin;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The two limits of the admin API: all calls of an address, and the critical ones (logins, key reveals ...) of an address and of an
 * account name. They are kept in this process. Thread-safe.
 */
final class RateLimits {

    private static final int MAX_KEYS = 20_000;

    private final Optional<SlidingLimit> global;
    private final Optional<SlidingLimit> critical;

    RateLimits(RateLimitSettings global, RateLimitSettings critical, LongSupplier nanoTime) {
        this.global = limit(global, nanoTime);
        this.critical = limit(critical, nanoTime);
    }

    private static Optional<SlidingLimit> limit(RateLimitSettings settings, LongSupplier nanoTime) {
        return settings.enabled()
                ? Optional.of(new SlidingLimit(settings.limit(), settings.window(), MAX_KEYS, nanoTime))
                : Optional.empty();
    }

    /** Counts a call of an address: zero, or how long to wait. */
    Duration call(String address) {
        return acquire(global, "a:" + address);
    }

    /** Counts a critical call of an address: zero, or how long to wait. */
    Duration criticalCall(String address) {
        return acquire(critical, "a:" + address);
    }

    /** Counts an attempt to log in as {@code account}, whatever the address: zero, or how long to wait. */
    Duration loginAttempt(String account) {
        String name = account.length() > 64 ? account.substring(0, 64) : account;
        return acquire(critical, "n:" + name.toLowerCase(Locale.ROOT));
    }

    private static Duration acquire(Optional<SlidingLimit> limit, String key) {
        return limit.map(l -> l.tryAcquire(key)).orElse(Duration.ZERO);
    }
}
