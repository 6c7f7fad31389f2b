package io.newapi.server.store;

/**
 * What rebuilding the routing table did.
 *
 * @param channels channels looked at
 * @param added routes that were missing
 * @param changed routes that were wrong
 * @param removed routes that no channel has
 */
public record FixOutcome(int channels, int added, int changed, int removed) {}
