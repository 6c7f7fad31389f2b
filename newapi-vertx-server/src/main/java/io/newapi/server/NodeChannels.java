package io.newapi.server;

import io.newapi.core.channel.Channel;
import io.newapi.core.channel.ChannelSelector;
import io.newapi.core.channel.FailureStreaks;
import io.newapi.core.channel.SelectedKey;
import io.newapi.core.channel.Selection.Selected;
import io.newapi.server.cluster.Membership;
import io.newapi.server.config.DutiesConfig;
import io.newapi.server.jobs.AutomaticStatus;
import io.newapi.server.jobs.Blocking;
import io.newapi.server.jobs.ChannelRounds;
import io.newapi.server.jobs.KeyTest;
import io.newapi.server.jobs.LimitedNotices;
import io.newapi.server.jobs.RootNotices;
import io.newapi.server.outbound.OutboundAddresses;
import io.newapi.server.relay.ChannelProbe;
import io.newapi.server.relay.FailureWatch;
import io.newapi.server.relay.UpstreamClients;
import io.newapi.server.relay.provider.ProviderCatalog;
import io.newapi.server.snapshot.Changes;
import io.newapi.server.snapshot.Options;
import io.newapi.server.snapshot.Snapshots;
import io.newapi.server.store.Stores;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node does by itself about channels: disables what fails, and, as the master, tests all and enables what works again. */
final class NodeChannels implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeChannels.class);

    private final DutiesConfig config;
    private final Snapshots snapshots;
    private final Stores stores;
    private final AutomaticStatus status;
    private final WorkerExecutor worker;
    private final FailureWatch watch;
    private final CountDownLatch closing = new CountDownLatch(1);

    NodeChannels(
            DutiesConfig config,
            InstantSource clock,
            Vertx vertx,
            Stores stores,
            Snapshots snapshots,
            Changes changes,
            RootNotices notices) {
        this.config = config;
        this.snapshots = snapshots;
        this.stores = stores;
        this.status = new AutomaticStatus(
                stores,
                changes,
                new LimitedNotices(notices::tell, config.notices(), config.noticeWindow(), System::nanoTime),
                clock);
        this.worker = vertx.createSharedWorkerExecutor("newapi-disabling", 1);
        this.watch = new FailureWatch(new FailureStreaks(System::nanoTime), this::disable);
    }

    /** Is told how calls go. */
    FailureWatch watch() {
        return watch;
    }

    /** If the database fails, the next calls that do lead here again. */
    private void disable(Selected selected, String reason) {
        long channel = selected.channel().id();
        worker.executeBlocking(() -> status.disable(channel, selected.key().key(), reason), false)
                .onFailure(failure -> LOG.warn("channel {} could not be disabled: {}", channel, failure.getMessage()));
    }

    /**
     * Tests channels when it is time, whenever this node is the master.
     *
     * @param outward calls upstreams
     */
    void test(
            Membership membership,
            UpstreamClients outward,
            ProviderCatalog providers,
            ScheduledExecutorService thread) {
        ChannelProbe probe = new ChannelProbe(outward, new ChannelSelector(), providers);
        new ChannelRounds(
                        membership::mastership,
                        new Plan(),
                        stores.channels(),
                        status,
                        (channel, key, model) -> outcome(probe, channel, key, model),
                        System::nanoTime)
                .regularly(thread);
    }

    /** The relay calls these channels at any address, too. */
    private KeyTest.Outcome outcome(ChannelProbe probe, Channel channel, SelectedKey key, String model) {
        ChannelProbe.Result result = Blocking.await(
                probe.probe(channel, key, snapshots.current(), model, host -> OutboundAddresses.allowed(host, true))
                        .toCompletionStage());
        return new KeyTest.Outcome(result.success(), result.time(), result.refusal());
    }

    private final class Plan implements ChannelRounds.Plan {
        @Override
        public Options options() {
            return snapshots.current().options();
        }

        @Override
        public Optional<Duration> period() {
            return config.channelTests().or(() -> options().testPeriod());
        }

        @Override
        public boolean rest() {
            try {
                return !closing.await(config.channelPause().toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    /** Ends the round under way after the channel that is being tested. */
    @Override
    public void close() {
        closing.countDown();
    }
}
