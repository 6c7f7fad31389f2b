package io.newapi.server;

import io.newapi.core.quota.JournalDirectory;
import io.newapi.core.quota.JournalStatus;
import io.newapi.core.quota.RenewedLedger;
import io.newapi.server.ops.Condition;
import io.newapi.server.ops.Health;
import io.newapi.server.store.DatabaseException;
import io.newapi.server.store.SetupStore;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the database every few seconds, on a thread of its own, and says how the node's parts are. Also opens a new ledger
 * where the old one was ended: a node that is not ready gets no call that would.
 */
final class NodeHealth implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeHealth.class);
    private static final Duration PERIOD = Duration.ofSeconds(2);

    /** A database that takes longer to answer is as good as away. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final NodeDatabases databases;
    private final SetupStore asked;
    private final RenewedLedger ledger;
    private final JournalDirectory journals;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(NodeHealth::daemon);
    private volatile Look last = new Look("", Duration.ZERO);
    private volatile long begunNanos;
    private volatile boolean looking;
    private volatile boolean hindered;

    /**
     * What a look at the database has shown.
     *
     * @param trouble why it did not answer; empty if it did
     * @param took how long that took
     */
    record Look(String trouble, Duration took) {}

    private NodeHealth(NodeDatabases databases, SetupStore asked, RenewedLedger ledger, JournalDirectory journals) {
        this.databases = databases;
        this.asked = asked;
        this.ledger = ledger;
        this.journals = journals;
    }

    /**
     * Tells how the parts are; does not look by itself yet.
     *
     * @param health is told
     * @param asked something of the main database that is cheap to ask
     */
    static NodeHealth watch(
            Health health, NodeDatabases databases, SetupStore asked, RenewedLedger ledger, JournalDirectory journals) {
        NodeHealth made = new NodeHealth(databases, asked, ledger, journals);
        health.watch("database", made::database);
        health.watch("ledger", made::ledger);
        health.watch("journal", made::journal);
        if (databases.logRows().isPresent()) {
            health.watch("logs", made::logs);
        }
        return made;
    }

    /** Begins to look, every few seconds. */
    NodeHealth regularly() {
        var unused = thread.scheduleWithFixedDelay(this::look, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        return this;
    }

    /** What was seen last of the main database. */
    Look lastLook() {
        return last;
    }

    /** Looks once. */
    void look() {
        begunNanos = System.nanoTime();
        looking = true;
        String trouble = "";
        try {
            asked.status();
        } catch (DatabaseException e) {
            trouble = e.reason().name().toLowerCase(Locale.ROOT);
        } catch (RuntimeException e) {
            LOG.error("looking at the database failed", e);
            trouble = "failed";
        }
        last = new Look(trouble, Duration.ofNanos(System.nanoTime() - begunNanos));
        looking = false;
        hindered = ledger.obstacle().isPresent();
        renewLedger();
    }

    private void renewLedger() {
        var renewal = ledger.renew();
        renewal.whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.warn("the ledger of this node was ended, and no new one can be opened: {}", failure.getMessage());
            }
        });
    }

    private Condition database() {
        if (looking && System.nanoTime() - begunNanos > PATIENCE.toNanos()) {
            return Condition.degraded("no_answer");
        }
        String trouble = last.trouble();
        return trouble.isEmpty() ? Condition.ok() : Condition.degraded(trouble);
    }

    private Condition ledger() {
        return ledger.isEnded() ? Condition.failed("ended") : Condition.ok();
    }

    /** What is so only until the next segment is made is no reason to turn away. */
    private Condition journal() {
        if (!hindered || ledger.isEnded() || ledger.obstacle().isEmpty()) {
            return Condition.ok();
        }
        List<JournalStatus> living = journals.status();
        boolean full = !living.isEmpty() && !living.get(living.size() - 1).room();
        return Condition.failed(full ? "no_room" : "not_writable");
    }

    private Condition logs() {
        return databases.areLogsAway() ? Condition.degraded("away") : Condition.ok();
    }

    /** A look that is under way ends by itself: an interruption would close files under the ledger's hands. */
    @Override
    public void close() {
        thread.shutdown();
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "newapi-health");
        thread.setDaemon(true);
        return thread;
    }
}
