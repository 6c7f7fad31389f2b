package io.newapi.server.config;

/** What happens to the call upstream when the client goes away before its answer is complete. */
public enum OnClientGone {
    /** The call is cancelled; the prompt and the output relayed so far are charged. */
    CUT,
    /** The answer is read to its usage, within bounds, and charged by it. */
    DRAIN
}
