package io.newapi.server.relay;

import io.newapi.core.channel.Selection.Selected;

/** Disables what has failed too often. Called on event loops: implementations are thread-safe and return at once. */
@FunctionalInterface
public interface Disabling {

    /**
     * The channel, or of several keys the one, is to serve no more calls.
     *
     * @param reason what administrators read; names no secret
     */
    void disable(Selected selected, String reason);
}
