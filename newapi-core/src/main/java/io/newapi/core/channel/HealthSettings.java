package io.newapi.core.channel;

import java.time.Duration;

/**
 * When a channel or key yields to others, and for how long. Immutable.
 *
 * @param enabled whether outcomes are watched at all
 * @param window the time whose outcomes count
 * @param failures how many failures there must be in the window, at least 1
 * @param failurePercent what part of the outcomes must be failures, from 1 to 100
 * @param coolDown how long the first cool-down takes; doubled after each probe that failed
 * @param maxCoolDown how long a cool-down takes at most, unless the upstream asked for more
 * @param maxRetryAfter how much of an upstream's {@code Retry-After} is believed
 * @param retryAfterAtOnce whether one failure with {@code Retry-After} starts a cool-down, without any before it
 */
public record HealthSettings(
        boolean enabled,
        Duration window,
        int failures,
        int failurePercent,
        Duration coolDown,
        Duration maxCoolDown,
        Duration maxRetryAfter,
        boolean retryAfterAtOnce) {

    private static final Duration LONGEST = Duration.ofDays(1);

    /** 5 failures in 10 seconds, if they are half of the outcomes, make a channel yield for 5 seconds, later up to 60. */
    public static final HealthSettings DEFAULT = new HealthSettings(
            true,
            Duration.ofSeconds(10),
            5,
            50,
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            false);

    /** @throws IllegalArgumentException if a number or duration is outside its range; none is longer than a day */
    public HealthSettings {
        if (failures < 1) {
            throw new IllegalArgumentException("failures must be positive: " + failures);
        }
        if (failurePercent < 1 || failurePercent > 100) {
            throw new IllegalArgumentException("failure percent must be from 1 to 100: " + failurePercent);
        }
        requireRange("window", window, Duration.ofMillis(10));
        requireRange("cool-down", coolDown, Duration.ofMillis(1));
        requireRange("longest cool-down", maxCoolDown, coolDown);
        requireRange("longest Retry-After", maxRetryAfter, Duration.ZERO);
    }

    /** The same, but for what is watched. */
    public HealthSettings withEnabled(boolean on) {
        return new HealthSettings(
                on, window, failures, failurePercent, coolDown, maxCoolDown, maxRetryAfter, retryAfterAtOnce);
    }

    /** The same, but for whether one {@code Retry-After} is enough. */
    public HealthSettings withRetryAfterAtOnce(boolean atOnce) {
        return new HealthSettings(
                enabled, window, failures, failurePercent, coolDown, maxCoolDown, maxRetryAfter, atOnce);
    }

    /** How long the cool-down of {@code round}, from 1, takes. */
    Duration coolDown(int round) {
        Duration length = coolDown;
        for (int i = 1; i < round && length.compareTo(maxCoolDown) < 0; i++) {
            length = length.multipliedBy(2);
        }
        return length.compareTo(maxCoolDown) < 0 ? length : maxCoolDown;
    }

    /** What of {@code retryAfter} is believed. */
    Duration bounded(Duration retryAfter) {
        return retryAfter.compareTo(maxRetryAfter) < 0 ? retryAfter : maxRetryAfter;
    }

    /** Whether so many outcomes in the window are too many failures. */
    boolean tooMany(long failed, long succeeded) {
        return failed >= failures && failed * 100 >= (failed + succeeded) * failurePercent;
    }

    private static void requireRange(String what, Duration duration, Duration least) {
        if (duration.compareTo(least) < 0 || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(what + " must be from " + least + " to " + LONGEST + ": " + duration);
        }
    }
}
