package io.newapi.server;

import io.newapi.core.channel.Channel;
import io.newapi.server.admin.ChannelTestResult;
import io.newapi.server.admin.ChannelTester;
import io.newapi.server.jobs.TestModel;
import io.newapi.server.outbound.OutboundAddresses;
import io.newapi.server.relay.ChannelProbe;
import io.newapi.server.snapshot.GatewaySnapshot;
import io.newapi.server.snapshot.Snapshots;
import io.newapi.server.store.ChannelRow;
import io.newapi.server.store.ChannelStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/** Tests a channel that an administrator names: finds the model to ask for, and sends the relay's probe. */
final class ChannelTests implements ChannelTester {

    private final ChannelStore channels;
    private final Snapshots snapshots;
    private final ChannelProbe probe;

    ChannelTests(ChannelStore channels, Snapshots snapshots, ChannelProbe probe) {
        this.channels = channels;
        this.snapshots = snapshots;
        this.probe = probe;
    }

    @Override
    public Future<ChannelTestResult> test(long channelId, String model, boolean privateAllowed) {
        GatewaySnapshot world = snapshots.current();
        Optional<Channel> channel = world.channels().byId(channelId);
        if (channel.isEmpty()) {
            return Future.succeededFuture(new ChannelTestResult(
                    false, "channel " + channelId + " does not exist, or its settings cannot be read", Duration.ZERO));
        }
        return probe.probe(
                        channel.get(),
                        world,
                        model.isBlank() ? usualModel(channel.get()) : model,
                        host -> OutboundAddresses.allowed(host, privateAllowed))
                .map(result -> new ChannelTestResult(result.success(), result.message(), result.time()));
    }

    private String usualModel(Channel channel) {
        return TestModel.of(
                channels.byId(channel.id()).map(ChannelRow::testModel).orElse(""), channel);
    }
}
