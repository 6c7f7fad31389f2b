package io.newapi.server.relay.wire;

import io.newapi.core.pricing.Usage;

/**
 * What a call used.
 *
 * @param usage the figures to charge
 * @param estimated whether they are ours, because the upstream reported none
 */
public record MeteredUsage(Usage usage, boolean estimated) {}
