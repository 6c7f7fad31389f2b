package io.newapi.server.snapshot;

import io.newapi.core.access.Groups;
import io.newapi.core.channel.ChannelDirectory;
import io.newapi.core.pricing.PriceBook;

/**
 * The configuration of the gateway at one moment. Immutable: a request takes it once, and lives in that world until it
 * is settled.
 */
public record GatewaySnapshot(Options options, PriceBook prices, Groups groups, ChannelDirectory channels) {}
