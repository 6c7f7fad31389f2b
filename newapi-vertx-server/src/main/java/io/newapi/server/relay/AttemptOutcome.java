package io.newapi.server.relay;

import io.newapi.core.channel.AttemptFailure;
import io.newapi.server.relay.wire.RelayError;
import io.newapi.server.relay.wire.WireFormat;

/** How one attempt at one channel ended. */
sealed interface AttemptOutcome {

    /** The call is over: the client has its answer, or has gone; the reservation is closed. */
    record Ended() implements AttemptOutcome {}

    /**
     * The attempt failed.
     *
     * @param error what the client is told if no other channel helps
     * @param failure what decides whether another channel may be tried
     */
    record Failed(RelayError error, AttemptFailure failure) implements AttemptOutcome {}

    /**
     * The provider was not asked, because what the client wants cannot be said in its format. Another's may have the words.
     *
     * @param spoken its format
     * @param what cannot be said
     */
    record Unsaid(WireFormat spoken, String what) implements AttemptOutcome {}
}
