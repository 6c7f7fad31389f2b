package io.newapi.server.jobs;

import io.newapi.core.channel.Channel;
import io.newapi.core.channel.ChannelKeys;
import io.newapi.core.channel.DisableGround;
import io.newapi.core.channel.FailureReport;
import io.newapi.core.channel.SelectedKey;
import io.newapi.server.cluster.Mastership;
import io.newapi.server.snapshot.ChannelReader;
import io.newapi.server.snapshot.Options;
import io.newapi.server.store.ChannelInfo;
import io.newapi.server.store.ChannelRow;
import io.newapi.server.store.ChannelStore;
import io.newapi.server.store.ClusterStore.FencedOffException;
import io.newapi.server.store.DatabaseException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tests all channels now and then, one after another, on the master alone: disables what is refused or too slow, and enables
 * what was disabled automatically and works again. What a person has disabled is not called.
 *
 * <p>Of a channel with several keys, one enabled key is tested, another in each round, and each that was disabled
 * automatically. A test that speaks for disabling is repeated at once, as often as calls of clients would have to fail.
 *
 * <p>Used by one thread; nothing that goes wrong leaves it.
 */
public final class ChannelRounds {

    private static final Logger LOG = LoggerFactory.getLogger(ChannelRounds.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final int DISABLED = 3;

    /** When, and with what, rounds are made. */
    public interface Plan {
        /** The options as they are. */
        Options options();

        /** From the end of a round to the next; empty if there are none. */
        Optional<Duration> period();

        /** Waits between two channels; returns false if the node stops meanwhile. */
        boolean rest();
    }

    /** What speaks for disabling. */
    private record Finding(DisableGround ground, String reason) {}

    private record Judged(boolean passed, Optional<Finding> finding) {}

    private final Supplier<Optional<Mastership>> mastership;
    private final Plan plan;
    private final ChannelStore channels;
    private final AutomaticStatus status;
    private final KeyTest test;
    private final LongSupplier nanoClock;
    private Optional<Long> lastNanos = Optional.empty();
    private int rounds;

    /**
     * Nothing is tested yet.
     *
     * @param mastership whether this node is the master, asked each time
     * @param nanoClock monotonic, in nanoseconds
     */
    public ChannelRounds(
            Supplier<Optional<Mastership>> mastership,
            Plan plan,
            ChannelStore channels,
            AutomaticStatus status,
            KeyTest test,
            LongSupplier nanoClock) {
        this.mastership = mastership;
        this.plan = plan;
        this.channels = channels;
        this.status = status;
        this.test = test;
        this.nanoClock = nanoClock;
    }

    /** Looks every second on this thread whether a round is due, until the thread is shut down. */
    public void regularly(ScheduledExecutorService thread) {
        var unused = thread.scheduleWithFixedDelay(this::look, 0, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Makes a round if one is due. The first is, a period after this node has become the master. */
    void look() {
        Optional<Duration> period = plan.period();
        if (period.isEmpty() || mastership.get().isEmpty()) {
            lastNanos = Optional.empty();
            return;
        }
        long now = nanoClock.getAsLong();
        if (lastNanos.isEmpty()) {
            lastNanos = Optional.of(now);
        }
        if (now - lastNanos.get() >= period.get().toNanos()) {
            round();
            lastNanos = Optional.of(nanoClock.getAsLong());
        }
    }

    private void round() {
        try {
            rounds++;
            for (ChannelRow row : channels.all()) {
                Optional<Mastership> own = mastership.get();
                if (own.isEmpty()) {
                    return;
                }
                if (isTested(row)) {
                    tested(own.get(), row);
                    if (!plan.rest()) {
                        return;
                    }
                }
            }
        } catch (FencedOffException e) {
            LOG.debug("another node has become the master meanwhile");
        } catch (DatabaseException e) {
            LOG.warn("not all channels could be tested: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("not all channels could be tested", e);
        }
    }

    private boolean isTested(ChannelRow row) {
        return row.status() == ChannelStore.ENABLED
                || (row.status() == DISABLED && plan.options().enablesAutomatically());
    }

    private void tested(Mastership own, ChannelRow row) {
        Channel channel;
        ChannelInfo info;
        try {
            channel = ChannelReader.read(row);
            info = ChannelInfo.parse(row.channelInfo());
        } catch (IllegalArgumentException e) {
            // the snapshot has warned of it
            return;
        }
        List<ChannelKeys.Slot> slots = channel.keys().slots();
        List<ChannelKeys.Slot> enabled =
                slots.stream().filter(ChannelKeys.Slot::enabled).toList();
        if (!enabled.isEmpty()) {
            tested(own, row, channel, enabled.get(Math.floorMod(rounds, enabled.size())));
        }
        if (plan.options().enablesAutomatically()) {
            slots.stream()
                    .filter(slot ->
                            info.status(slot.index()) == DISABLED && !slot.key().isEmpty())
                    .forEach(slot -> enabledIfWell(own, row, channel, slot));
        }
    }

    private void tested(Mastership own, ChannelRow row, Channel channel, ChannelKeys.Slot slot) {
        if (row.status() != ChannelStore.ENABLED) {
            enabledIfWell(own, row, channel, slot);
            return;
        }
        judged(own, row, channel, slot).finding().ifPresent(finding -> {
            boolean slow = finding.ground().kind() == DisableGround.Kind.SLOW;
            boolean done = own.run(() -> slow
                    ? status.disableWhole(row.id(), finding.reason())
                    : status.disable(row.id(), slot.key(), finding.reason()));
            LOG.debug("channel {} has failed its test: {}", row.id(), done);
        });
    }

    private void enabledIfWell(Mastership own, ChannelRow row, Channel channel, ChannelKeys.Slot slot) {
        if (judgedOnce(own, row, channel, slot).passed()) {
            boolean done = own.run(() -> status.enable(row.id(), slot.key(), "a test has passed"));
            LOG.debug("channel {} has passed its test: {}", row.id(), done);
        }
    }

    private Judged judged(Mastership own, ChannelRow row, Channel channel, ChannelKeys.Slot slot) {
        Judged judged = judgedOnce(own, row, channel, slot);
        for (int times = 1;
                judged.finding().isPresent()
                        && times < judged.finding().get().ground().needed();
                times++) {
            judged = judgedOnce(own, row, channel, slot);
        }
        return judged;
    }

    private Judged judgedOnce(Mastership own, ChannelRow row, Channel channel, ChannelKeys.Slot slot) {
        KeyTest.Outcome outcome =
                test.test(channel, new SelectedKey(slot.index(), slot.key()), TestModel.of(row.testModel(), channel));
        own.run(() -> {
            channels.recordTest(row.id(), outcome.time().toMillis());
            return true;
        });
        Optional<Finding> slow = tooSlow(channel, outcome.time());
        Optional<Finding> refused = outcome.refusal().flatMap(report -> refused(channel, report));
        return new Judged(outcome.passed() && slow.isEmpty(), refused.or(() -> slow));
    }

    private Optional<Finding> refused(Channel channel, FailureReport report) {
        return plan.options()
                .disablePolicy()
                .ground(channel, report)
                .map(ground -> new Finding(ground, "test: " + report.reason()));
    }

    private Optional<Finding> tooSlow(Channel channel, Duration time) {
        Options options = plan.options();
        return options.slowTest()
                .filter(most -> time.compareTo(most) > 0)
                .filter(most -> options.disablePolicy().enabled() && channel.autoBan())
                .map(most -> new Finding(
                        DisableGround.of(DisableGround.Kind.SLOW),
                        "test: took " + time.toMillis() + " ms, more than " + most.toMillis()));
    }
}
