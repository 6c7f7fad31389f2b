/**
 * A call's way through the node. Start at {@link io.newapi.server.relay.RelayPipeline}.
 *
 * <p>Everything here runs on the event loop that owns the call. No provider is named, no SQL is spoken.
 */
@org.jspecify.annotations.NullMarked
package io.newapi.server.relay;
