package io.newapi.server.jobs;

import io.newapi.server.cluster.ClusterNode;
import io.newapi.server.cluster.Mastership;
import io.newapi.server.cluster.Membership;
import io.newapi.server.store.ClusterStore;
import io.newapi.server.store.ClusterStore.FencedOffException;
import io.newapi.server.store.ClusterStore.NodeRow;
import io.newapi.server.store.ClusterStore.Succession;
import io.newapi.server.store.DatabaseException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What only the master does, as long as it is the master: it tells of nodes that are lost and of a change of masters, and
 * once an hour forgets what nobody asks for any more. What was told is noted in the database first, in the master's epoch: so
 * the next master does not tell it again.
 *
 * <p>Used by one thread; nothing that goes wrong leaves it.
 */
public final class MasterDuties {

    private static final Logger LOG = LoggerFactory.getLogger(MasterDuties.class);
    private static final Duration PERIOD = Duration.ofSeconds(3);
    private static final Duration LOST_AFTER = Duration.ofMillis(ClusterNode.LOST_MILLIS);
    private static final Duration FORGET_EVERY = Duration.ofHours(1);
    private static final Duration NODES_KEPT = Duration.ofDays(7);
    private static final Duration ANSWERS_KEPT = Duration.ofDays(1);

    private final Membership membership;
    private final ClusterStore store;
    private final boolean shared;
    private final Consumer<Notice> notices;
    private final LongSupplier nanoClock;
    private Optional<Long> observingSinceNanos = Optional.empty();
    private Optional<Long> forgotNanos = Optional.empty();
    private boolean toldTrouble;

    /**
     * Duties that nobody does yet.
     *
     * @param shared whether there may be other nodes; a node on a file of its own misses nobody
     * @param notices what root is to be told
     * @param nanoClock monotonic, in nanoseconds
     */
    public MasterDuties(
            Membership membership,
            ClusterStore store,
            boolean shared,
            Consumer<Notice> notices,
            LongSupplier nanoClock) {
        this.membership = membership;
        this.store = store;
        this.shared = shared;
        this.notices = notices;
        this.nanoClock = nanoClock;
    }

    /** Does them every few seconds on this thread, whenever this node is the master, until the thread is shut down. */
    public void regularly(ScheduledExecutorService thread) {
        var unused = thread.scheduleWithFixedDelay(this::round, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Does once what is to be done now; nothing if this node is not the master. */
    void round() {
        try {
            Optional<Mastership> own = membership.mastership();
            if (own.isEmpty()) {
                observingSinceNanos = Optional.empty();
                return;
            }
            round(own.get());
            toldTrouble = false;
        } catch (FencedOffException e) {
            observingSinceNanos = Optional.empty();
            LOG.debug("another node has become the master meanwhile");
        } catch (RuntimeException e) {
            observingSinceNanos = Optional.empty();
            tell(e);
        }
    }

    private void round(Mastership own) {
        long now = nanoClock.getAsLong();
        if (shared) {
            store.untold().ifPresent(change -> tell(own, change));
            if (observes(now)) {
                List<NodeRow> lost = store.lost(LOST_AFTER);
                lost.stream().filter(node -> !node.runId().equals(own.runId())).forEach(node -> tell(own, node));
            }
        }
        if (forgotNanos.filter(last -> now - last < FORGET_EVERY.toNanos()).isEmpty()) {
            own.run(() -> {
                store.forget(NODES_KEPT, ANSWERS_KEPT);
                return true;
            });
            forgotNanos = Optional.of(now);
        }
    }

    /** Who could not see the others himself must not conclude from their silence that they are gone. */
    private boolean observes(long now) {
        if (observingSinceNanos.isEmpty()) {
            observingSinceNanos = Optional.of(now);
        }
        return observingSinceNanos
                .filter(since -> now - since >= LOST_AFTER.toNanos())
                .isPresent();
    }

    private void tell(Mastership own, Succession change) {
        if (own.run(() -> store.told(change.epoch()))) {
            notices.accept(Notices.masterChanged(change));
        }
    }

    private void tell(Mastership own, NodeRow node) {
        if (own.run(() -> store.reported(node.runId()))) {
            notices.accept(Notices.nodeLost(node));
        }
    }

    /** Once for each trouble: the database is missed by others too, and they say so. */
    private void tell(RuntimeException trouble) {
        if (!toldTrouble) {
            if (trouble instanceof DatabaseException) {
                LOG.warn("the master cannot do its duties: {}", trouble.getMessage());
            } else {
                LOG.error("the master cannot do its duties", trouble);
            }
        }
        toldTrouble = true;
    }
}
