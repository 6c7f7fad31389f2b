package io.newapi.core.channel;

/**
 * A failed attempt together with what the upstream said of it. Immutable.
 *
 * @param failure how it failed
 * @param type the kind of error, a word for programs; empty if the upstream named none
 * @param code the error's code, likewise
 * @param message what went wrong, for people; may quote the client's own request
 */
public record FailureReport(AttemptFailure failure, String type, String code, String message) {

    private static final int MAX_REASON_CHARS = 300;

    /** What administrators are told of it: the upstream's status and the beginning of its message. */
    public String reason() {
        String reason = (failure.upstreamStatus() > 0 ? "status " + failure.upstreamStatus() + ": " : "") + message;
        return reason.length() <= MAX_REASON_CHARS ? reason : reason.substring(0, MAX_REASON_CHARS) + "...";
    }

    /** Whether the words are the upstream's own, and not ours. */
    boolean isTheUpstreams() {
        return failure.cause() == AttemptFailure.Cause.STATUS && failure.upstreamStatus() > 0;
    }
}
