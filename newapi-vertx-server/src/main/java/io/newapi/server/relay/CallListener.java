package io.newapi.server.relay;

import io.newapi.core.channel.AttemptFailure;

/**
 * Told what becomes of calls, for metrics. Called on event loops, by several at once: implementations are thread-safe and
 * return at once.
 */
public interface CallListener {

    /**
     * A call is over.
     *
     * @param status the HTTP status of the answer; 499 if the client had gone before it began
     * @param nanos how long it took, in nanoseconds
     */
    default void ended(int status, long nanos) {}

    /**
     * A call goes to its first channel.
     *
     * @param nanos the time since it came, in nanoseconds
     */
    default void prepared(long nanos) {}

    /**
     * An attempt is over, and the call with it.
     *
     * @param clientGone whether the client had gone before
     */
    default void answered(boolean clientGone) {}

    /** An attempt has failed. */
    default void failed(AttemptFailure.Cause cause) {}

    /** An attempt has failed because of a mistake in this program. */
    default void broke() {}

    /** Takes no notice. */
    static CallListener none() {
        return new CallListener() {};
    }
}
