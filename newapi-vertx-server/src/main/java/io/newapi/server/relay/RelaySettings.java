package io.newapi.server.relay;

import java.time.Duration;

/**
 * The bounds of a relayed call.
 *
 * @param maxBodyBytes the largest request body
 * @param maxAnswerBytes the largest answer that is not streamed
 * @param firstByteTimeout how long an upstream may take to begin to answer
 * @param idleTimeout how long an answer may be silent
 * @param totalTimeout how long a call may take in all; zero for no bound
 * @param onClientGone what happens when the client goes away
 * @param drainTimeout how long an answer is read to its end for a client that has gone
 * @param maxDrains how many answers are read so at a time
 * @param askForUsage whether upstreams are asked to report usage in streams
 */
public record RelaySettings(
        long maxBodyBytes,
        long maxAnswerBytes,
        Duration firstByteTimeout,
        Duration idleTimeout,
        Duration totalTimeout,
        OnClientGone onClientGone,
        Duration drainTimeout,
        int maxDrains,
        boolean askForUsage) {

    /** Reading so much text takes longer than an event loop should be held up. */
    static final int LARGE_BYTES = 1024 * 1024;

    /** What happens to the upstream call when the client goes away. */
    public enum OnClientGone {
        /** It is cancelled; the prompt and what was relayed so far are charged. */
        CUT,
        /** It is read to its usage, within bounds; exactly that is charged. */
        DRAIN
    }
}
