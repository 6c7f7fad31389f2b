package io.newapi.core.channel;

/**
 * Whether a failed attempt is followed by another. Immutable.
 *
 * @param retryTimes how many attempts may follow the first one, whatever the failures; not negative (option
 *     {@code RetryTimes})
 * @param statuses which statuses of an upstream are worth another attempt (option {@code AutomaticRetryStatusCodes});
 *     success, 504 and 524 never are, and numbers that are no HTTP status always are
 * @param repeatable whether the upstream may be made to do the same work twice
 */
public record RetryPolicy(int retryTimes, StatusRanges statuses, boolean repeatable) {

    /**
     * Everything but success, 400, 408, 422, 504 and 524: New API's default since 2026 without 422, which speaks about the
     * caller's own input and would be the same with every channel. 404 stays in: a channel that says it serves a model may
     * have lost it.
     */
    public static final StatusRanges DEFAULT_STATUSES =
            StatusRanges.parse("100-199,300-399,401-407,409-421,423-499,500-503,505-523,525-599");

    /** @throws IllegalArgumentException if {@code retryTimes} is negative */
    public RetryPolicy {
        if (retryTimes < 0) {
            throw new IllegalArgumentException("retry times must not be negative: " + retryTimes);
        }
    }

    /** Up to {@code retryTimes} further attempts, after the {@link #DEFAULT_STATUSES}. */
    public RetryPolicy(int retryTimes) {
        this(retryTimes, DEFAULT_STATUSES);
    }

    /** Up to {@code retryTimes} further attempts, after {@code statuses}. */
    public RetryPolicy(int retryTimes, StatusRanges statuses) {
        this(retryTimes, statuses, true);
    }

    /** One attempt only: for a call that is pinned to a channel. */
    public static RetryPolicy never() {
        return new RetryPolicy(0);
    }

    /** This, but only while the upstream certainly has not started: for calls that make something, such as a video. */
    public RetryPolicy withoutRepeating() {
        return new RetryPolicy(retryTimes, statuses, false);
    }

    /**
     * Whether another attempt follows.
     *
     * @param failedAttempts how many attempts have failed, with this one; positive
     * @throws IllegalArgumentException if {@code failedAttempts} is not positive
     */
    public boolean shouldRetry(int failedAttempts, AttemptFailure failure) {
        if (failedAttempts <= 0) {
            throw new IllegalArgumentException("failed attempts must be positive: " + failedAttempts);
        }
        if (failedAttempts > retryTimes || failure.byteSent()) {
            return false;
        }
        if (!repeatable && failure.upstreamMayHaveStarted()) {
            return false;
        }
        return switch (failure.cause()) {
            case CHANNEL, MISFIT, TRANSPORT -> true;
            case CLIENT, BAD_BODY -> false;
            case STATUS -> worthRetrying(failure.status());
        };
    }

    private boolean worthRetrying(int status) {
        boolean success = status >= 200 && status <= 299;
        // The upstream, or the network before it, had its full time already.
        boolean timedOut = status == 504 || status == 524;
        boolean unknown = status < 100 || status > 599;
        return unknown || (!success && !timedOut && statuses.contains(status));
    }
}
