package io.newapi.server.cluster;

import io.newapi.server.store.ClusterStore;
import io.newapi.server.store.ClusterStore.Beat;
import io.newapi.server.store.ClusterStore.MasterRow;
import io.newapi.server.store.ClusterStore.NodeRow;
import io.newapi.server.store.DatabaseException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's place among those that share its database. Every two seconds it says there that it lives, and how it is; a
 * candidate takes or renews the master's lease in the same transaction.
 *
 * <pre>
 *   SLAVE                              for ever
 *   STANDBY --lease was free--> MASTER --not renewed in time, or another has it--> STANDBY
 * </pre>
 *
 * <p>The lease lasts six seconds by the database's clock, and its holder believes in it for five by his own monotonic
 * clock, from before he asked. A machine that stood still may be wrong about that; therefore whatever the master writes
 * is checked against the epoch of the lease ({@link Mastership}).
 *
 * <p>Thread-safe. {@link #join} and {@link #close} block.
 */
public final class Membership implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    /** How the time passes; shorter in tests. */
    public record Pace(Duration beat, Duration lease, Duration certain) {

        /** A candidate follows a dead master within eight seconds. */
        public static final Pace USUAL = new Pace(Duration.ofSeconds(2), Duration.ofSeconds(6), Duration.ofSeconds(5));

        /** For a node that shares its database with nobody, so that it does not keep a disk from sleeping. */
        public static final Pace ALONE =
                new Pace(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(25));
    }

    private static final Duration SEEN_WITHIN = Duration.ofMinutes(1);

    /** What a node is to the others. */
    public enum Role {
        MASTER,
        STANDBY,
        SLAVE
    }

    /**
     * Who this is.
     *
     * @param candidate whether it may be the master
     * @param expected whether it is to be the master, so that it is worth a warning if it is not
     */
    public record Self(String runId, String name, boolean candidate, boolean expected) {}

    private record Seen(Beat beat, long atNanos, long certainUntilNanos) {}

    private final ClusterStore store;
    private final OriginalNodes originals;
    private final Self self;
    private final LongFunction<NodeFacts> facts;
    private final Pace pace;
    private final ScheduledThreadPoolExecutor thread;
    private final LongSupplier nanoClock;
    private final LongSupplier wallClock;
    private volatile Optional<Seen> seen = Optional.empty();
    private volatile Optional<Long> masterSeenNanos = Optional.empty();
    private Role toldRole = Role.STANDBY;
    private String toldMaster = "";
    private boolean toldAway;
    private long clockAheadMillis;
    private volatile boolean leaving;

    /**
     * A node that has not joined yet.
     *
     * @param facts what it tells about itself, given by how many milliseconds its clock is ahead of the database's
     * @param threads makes the one thread that it needs
     * @param nanoClock monotonic, in nanoseconds
     * @param wallClock milliseconds since 1970
     */
    public Membership(
            ClusterStore store,
            Self self,
            LongFunction<NodeFacts> facts,
            Pace pace,
            ThreadFactory threads,
            LongSupplier nanoClock,
            LongSupplier wallClock) {
        this.store = store;
        this.originals = new OriginalNodes(store, nanoClock);
        this.self = self;
        this.facts = facts;
        this.pace = pace;
        this.thread = new ScheduledThreadPoolExecutor(1, threads);
        this.thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.nanoClock = nanoClock;
        this.wallClock = wallClock;
    }

    /** Says for the first time that the node lives, and goes on doing so. */
    public void join() {
        beatOrSay();
        next();
    }

    private void next() {
        if (thread.isShutdown()) {
            return;
        }
        // not all nodes at once; what is planned when it is shut down is dropped
        long millis = pace.beat().toMillis();
        long jittered = millis - ThreadLocalRandom.current().nextLong(millis / 10 + 1);
        var unused = thread.schedule(
                () -> {
                    beatOrSay();
                    next();
                },
                jittered,
                TimeUnit.MILLISECONDS);
    }

    private void beatOrSay() {
        try {
            beat();
            toldAway = false;
            if (self.candidate()) {
                originals.lookNowAndThen();
            }
        } catch (DatabaseException e) {
            if (!toldAway && !leaving) {
                LOG.warn("cannot tell the other nodes that this one lives: {}", e.getMessage());
            }
            toldAway = true;
            tellRole();
        } catch (RuntimeException e) {
            LOG.error("cannot tell the other nodes that this one lives", e);
            tellRole();
        }
    }

    /** Says once that the node lives, and looks who else does. Called on one thread at a time. */
    void beat() {
        long asked = nanoClock.getAsLong();
        long askedAt = wallClock.getAsLong();
        Beat beat = store.beat(
                self.runId(),
                self.name(),
                facts.apply(clockAheadMillis).json(),
                self.candidate() ? Optional.of(pace.lease()) : Optional.empty(),
                SEEN_WITHIN);
        // the database looked at its clock somewhere between the question and the answer
        long middle = askedAt + (wallClock.getAsLong() - askedAt) / 2;
        clockAheadMillis = middle - beat.now();
        boolean holds = beat.master().runId().equals(self.runId());
        seen = Optional.of(new Seen(beat, asked, holds ? asked + pace.certain().toNanos() : asked));
        if (beat.master().validUntil() > beat.now()) {
            masterSeenNanos = Optional.of(asked);
        }
        tellRole();
    }

    private void tellRole() {
        Role role = role();
        String master = masterName();
        if (role == Role.MASTER && toldRole != Role.MASTER) {
            LOG.info(
                    "this node is the master now, epoch {}",
                    mastership().map(Mastership::epoch).orElse(0L));
        } else if (role != Role.MASTER && toldRole == Role.MASTER && !leaving) {
            LOG.warn("this node is not the master any more");
        }
        if (role == Role.STANDBY && self.expected() && !master.isEmpty() && !master.equals(toldMaster)) {
            LOG.warn("NODE_TYPE=master, but {} is the master: this node stands by", master);
        }
        toldRole = role;
        toldMaster = master;
    }

    /** Who is the master, by name; empty if nobody is known to be. */
    private String masterName() {
        return master().map(ClusterNode::name).orElse("");
    }

    /** What this node is now. */
    public Role role() {
        if (!self.candidate()) {
            return Role.SLAVE;
        }
        return mastership().isPresent() ? Role.MASTER : Role.STANDBY;
    }

    /** The right to act as the master; empty if another has it, or if nobody can be sure. */
    public Optional<Mastership> mastership() {
        return seen.filter(last -> last.certainUntilNanos() - nanoClock.getAsLong() > 0)
                .map(last ->
                        new Mastership(store, self.runId(), last.beat().master().epoch()));
    }

    /** The node that is the master, this one or another, as long as its lease lasts; empty if nobody is known to be. */
    public Optional<ClusterNode> master() {
        return seen.filter(last -> last.beat().master().validUntil() - databaseMillis(last) > 0)
                .flatMap(last -> nodes().stream().filter(ClusterNode::master).findFirst());
    }

    /**
     * Whether for so long no node has been the master; also if none ever was while this one looked. Who has not looked
     * lately, because it stood still or the database was away, cannot say so.
     */
    public boolean isMasterlessFor(Duration time) {
        boolean looked = seen.filter(last ->
                        nanoClock.getAsLong() - last.atNanos() < 2 * pace.beat().toNanos())
                .isPresent();
        return looked
                && master().isEmpty()
                && masterSeenNanos
                        .filter(last -> nanoClock.getAsLong() - last < time.toNanos())
                        .isEmpty();
    }

    /** The nodes that were seen within the last minute when this one last looked, itself among them; the oldest first. */
    public List<ClusterNode> nodes() {
        return seen.map(last -> nodes(last.beat().nodes(), last.beat().master(), databaseMillis(last)))
                .orElse(List.of());
    }

    /** The same with those that left or were lost within {@code within}; the newest first. Blocks. */
    public List<ClusterNode> nodes(Duration within) {
        Beat now = store.look();
        return nodes(store.nodes(within), now.master(), now.now());
    }

    private static List<ClusterNode> nodes(List<NodeRow> rows, MasterRow master, long now) {
        return rows.stream()
                .map(row -> new ClusterNode(
                        row.runId(),
                        row.nodeName(),
                        row.runId().equals(master.runId()) && master.validUntil() > now,
                        row.startedAt(),
                        Math.max(0, now - row.seenAt()),
                        row.leftAt() != 0,
                        NodeFacts.of(row.facts())))
                .toList();
    }

    /** This run. */
    public String runId() {
        return self.runId();
    }

    /** The database's time, as far as it is known without asking; empty before it was asked once. */
    public Optional<Long> databaseMillis() {
        return seen.map(this::databaseMillis);
    }

    private long databaseMillis(Seen last) {
        return last.beat().now() + TimeUnit.NANOSECONDS.toMillis(nanoClock.getAsLong() - last.atNanos());
    }

    /** Leaves in good order, so that nobody misses this node, and another may be the master at once. */
    @Override
    public void close() {
        leaving = true;
        thread.shutdown();
        try {
            // a beat under way must not come after the last word
            if (!thread.awaitTermination(pace.lease().toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
            seen = Optional.empty();
            store.leave(self.runId());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (DatabaseException e) {
            LOG.warn("cannot tell the other nodes that this one leaves: {}", e.getMessage());
        }
    }
}
