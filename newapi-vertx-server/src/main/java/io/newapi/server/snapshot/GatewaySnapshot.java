package io.newapi.server.snapshot;

import io.newapi.core.access.Groups;
import io.newapi.core.channel.ChannelDirectory;
import io.newapi.core.pricing.PriceBook;
import io.newapi.server.shape.ChannelShapes;

/**
 * The configuration of the gateway at one moment. Immutable: a request takes it once, and lives in that world until it
 * is settled.
 *
 * @param shapes what channels change in the calls that go through them
 */
public record GatewaySnapshot(
        Options options, PriceBook prices, Groups groups, ChannelDirectory channels, ChannelShapes shapes) {

    /** A world in which no channel changes anything. */
    public GatewaySnapshot(Options options, PriceBook prices, Groups groups, ChannelDirectory channels) {
        this(options, prices, groups, channels, ChannelShapes.none());
    }
}
