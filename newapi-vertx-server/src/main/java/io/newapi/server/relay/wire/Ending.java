package io.newapi.server.relay.wire;

/**
 * What the end of a streamed answer may have to name.
 *
 * @param requestId our name for the call
 * @param model the name that the client asked for
 * @param createdSeconds when it was asked, seconds since 1970
 */
public record Ending(String requestId, String model, long createdSeconds) {}
