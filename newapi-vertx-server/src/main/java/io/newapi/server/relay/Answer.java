package io.newapi.server.relay;

import io.newapi.server.relay.wire.MeteredUsage;

/** An upstream's answer on its way to the client. */
interface Answer {

    /** What it amounts to so far. */
    MeteredUsage soFar();

    /** The upstream has been silent for too long, or took too long in all; the attempt is not over yet. */
    void lost(Patience.Lost what);

    /** From here it is read for its usage only: nobody holds it up any more. */
    void drain();
}
