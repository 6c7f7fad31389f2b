package io.newapi.core.channel;

/**
 * How one attempt of a call failed, as far as it decides whether another attempt makes sense.
 *
 * @param cause whose fault it was
 * @param status the HTTP status that would be reported, after the channel's status mapping; 0 if there is none
 * @param upstreamStatus the HTTP status with which the upstream refused, before that mapping; 0 if it did not refuse
 * @param byteSent whether a byte of the response has gone to the client, so that a second answer would be appended to it
 * @param upstreamMayHaveStarted whether the upstream may have begun to work; false only when that is certain
 */
public record AttemptFailure(
        Cause cause, int status, int upstreamStatus, boolean byteSent, boolean upstreamMayHaveStarted) {

    /** Whose fault a failure was. */
    public enum Cause {
        /** The channel cannot serve the call: no key, a mapping in a circle, a wire format that it does not speak. */
        CHANNEL,
        /** What the channel changes in calls makes no sense for this one: another may serve it, and this one others. */
        MISFIT,
        /** The call itself is at fault, and would be with any channel. */
        CLIENT,
        /** The upstream answered with a status that means failure. */
        STATUS,
        /** The upstream could not be reached, or the connection broke before an answer. */
        TRANSPORT,
        /** The upstream reported success with a body that cannot be read. */
        BAD_BODY
    }

    /** @throws IllegalArgumentException if a status is negative */
    public AttemptFailure {
        if (status < 0 || upstreamStatus < 0) {
            throw new IllegalArgumentException(
                    "status must not be negative: " + (status < 0 ? status : upstreamStatus));
        }
    }

    /** The channel could not be called at all. */
    public static AttemptFailure ofChannel() {
        return new AttemptFailure(Cause.CHANNEL, 0, 0, false, false);
    }

    /** The channel cannot serve this call, but may serve others. */
    public static AttemptFailure ofMisfit() {
        return new AttemptFailure(Cause.MISFIT, 0, 0, false, false);
    }

    /** The call itself is at fault. */
    public static AttemptFailure ofClient(int status) {
        return new AttemptFailure(Cause.CLIENT, status, 0, false, false);
    }

    /** The upstream refused with {@code status}, and so did not do the work. */
    public static AttemptFailure ofStatus(int status) {
        return ofStatus(status, status);
    }

    /**
     * The same where another status is reported than the upstream's.
     *
     * @param upstreamStatus the upstream's own; 0 if the status is not its word
     */
    public static AttemptFailure ofStatus(int status, int upstreamStatus) {
        return new AttemptFailure(Cause.STATUS, status, upstreamStatus, false, false);
    }

    /** The upstream gave no answer. */
    public static AttemptFailure ofTransport(boolean upstreamMayHaveStarted) {
        return new AttemptFailure(Cause.TRANSPORT, 0, 0, false, upstreamMayHaveStarted);
    }

    /** The upstream's answer of success cannot be read. */
    public static AttemptFailure ofBadBody(int status) {
        return new AttemptFailure(Cause.BAD_BODY, status, 0, false, true);
    }

    /**
     * Whether it speaks about the channel, or the key with which it was called, and so about the next call to it. What may
     * be the client's own fault does not: refusals such as 400, 404 or 422 would let one client give a channel a bad name.
     */
    public boolean speaksOfChannel() {
        return switch (cause) {
            case CHANNEL, TRANSPORT, BAD_BODY -> true;
            case MISFIT, CLIENT -> false;
            case STATUS -> speaksOfKey() || status == 407 || status == 408 || status >= 500 || status < 400;
        };
    }

    /** Whether it speaks about the key rather than the upstream: not valid, not paid for, not allowed, or used up for now. */
    public boolean speaksOfKey() {
        return cause == Cause.STATUS && (status == 401 || status == 402 || status == 403 || status == 429);
    }

    /** The same failure, after the client was sent something. */
    public AttemptFailure afterByteSent() {
        return new AttemptFailure(cause, status, upstreamStatus, true, true);
    }
}
