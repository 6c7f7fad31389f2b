package io.newapi.server;

import io.newapi.core.quota.Account;
import io.newapi.core.quota.JournalDirectory;
import io.newapi.core.quota.JournalFailure;
import io.newapi.core.quota.JournalFollower;
import io.newapi.core.quota.JournalSettings;
import io.newapi.core.quota.LeasedLedger;
import io.newapi.core.quota.LedgerClock;
import io.newapi.core.quota.LedgerListener;
import io.newapi.core.quota.LedgerSettings;
import io.newapi.core.quota.Payer;
import io.newapi.core.quota.Quota;
import io.newapi.core.quota.RenewedLedger;
import io.newapi.core.quota.UsageJournal;
import io.newapi.core.quota.WriterId;
import io.newapi.server.config.ServerConfig;
import io.newapi.server.jobs.Blocking;
import io.newapi.server.jobs.LeftJournals;
import io.newapi.server.jobs.WriterReclaim;
import io.newapi.server.store.Database;
import io.newapi.server.store.SqlLogFollower;
import io.newapi.server.store.SqlQuotaAuthority;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ledger of a node on its databases, with the journals of earlier runs and the watch over other nodes' writers. */
final class NodeLedger implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeLedger.class);

    private static final long CLOSE_SECONDS = 30;

    /** Between nodes that share balances, how late a node learns that another needs what idles here. */
    private static final Duration SHARED_HEARTBEAT = Duration.ofSeconds(1);

    /** How long somebody who is broke is refused without asking the database, unless his balance is changed here. */
    private static final Duration REFUSAL_MEMORY = Duration.ofSeconds(1);

    private final ServerConfig config;
    private final InstantSource clock;
    private final Consumer<Set<Account>> moved;
    private final RenewedLedger ledger;
    private final LedgerOffice office;

    private NodeLedger(
            ServerConfig config,
            InstantSource clock,
            JournalDirectory journals,
            NodeDatabases databases,
            NodeThreads threads,
            LedgerListener listener,
            Consumer<Set<Account>> moved) {
        this.config = config;
        this.clock = clock;
        this.moved = moved;
        boolean rowsApart = databases.logRows().isPresent();
        SqlQuotaAuthority rowsWithCharges = authority(journals, databases.ledger(), threads.booking());
        SqlQuotaAuthority authority = rowsApart ? rowsWithCharges.withoutLogRows() : rowsWithCharges;
        JournalFollower rows = onceThere(
                databases,
                new SqlLogFollower(databases.main(), databases.logRows().orElse(databases.main()), threads.logging()));
        // also where rows are not apart: an earlier run's may have been
        LeftJournals left = new LeftJournals(journals, authority, rows, directory(config));
        left.book();
        bookCopiesLater(left, threads);
        LogsCatchUp.follow(databases, left, threads.catchingUp());
        ledger = openLedger(journals, threads, authority, rowsApart ? Optional.of(rows) : Optional.empty(), listener);
        warmUp(ledger);
        WriterReclaim writers = watchWriters(journals, databases.main(), threads);
        office = new LedgerOffice(journals, writers, config.ledger());
    }

    /**
     * Opens the ledger, after what earlier runs left was booked.
     *
     * @param listener told what happens in it
     * @param moved told whose balances have changed in the database, or may have; on any thread, and returns at once
     * @throws JournalFailure if the journals cannot be read or written
     * @throws io.newapi.server.store.DatabaseException if the database cannot be used
     */
    static NodeLedger open(
            ServerConfig config,
            InstantSource clock,
            JournalDirectory journals,
            NodeDatabases databases,
            NodeThreads threads,
            LedgerListener listener,
            Consumer<Set<Account>> moved) {
        return new NodeLedger(config, clock, journals, databases, threads, listener, moved);
    }

    /**
     * Takes the journal directory of a node for this process.
     *
     * @throws JournalFailure if another process uses it, or it cannot be written
     */
    static JournalDirectory openJournals(ServerConfig config) {
        return JournalDirectory.open(
                directory(config),
                JournalSettings.DEFAULT
                        .withFsync(config.ledger().fsync())
                        .withMaxBytes(config.ledger().journalBytes()));
    }

    RenewedLedger ledger() {
        return ledger;
    }

    LedgerOffice office() {
        return office;
    }

    /** Books what was settled and gives back what is leased. */
    @Override
    public void close() {
        Blocking.await(ledger.close().toCompletableFuture().orTimeout(CLOSE_SECONDS, TimeUnit.SECONDS));
    }

    /** Nobody waits for a database that was away at the start and has no tables yet. */
    private static JournalFollower onceThere(NodeDatabases databases, JournalFollower follower) {
        return journal -> databases.areLogsAway()
                ? CompletableFuture.failedFuture(new IllegalStateException("the database of logs is away"))
                : follower.follow(journal);
    }

    private RenewedLedger openLedger(
            JournalDirectory journals,
            NodeThreads threads,
            SqlQuotaAuthority authority,
            Optional<JournalFollower> follower,
            LedgerListener listener) {
        Duration delay = config.ledger().batchUpdateEnabled()
                ? config.ledger().batchInterval()
                : LedgerSettings.DEFAULT.bookingDelay();
        LedgerSettings settings = ledgerSettings(delay);
        SecureRandom random = new SecureRandom();
        return Blocking.await(RenewedLedger.open(() -> newLedger(
                authority, journals.create(WriterId.random(random)), threads.teller(), settings, follower, listener)));
    }

    private static CompletionStage<LeasedLedger> newLedger(
            SqlQuotaAuthority authority,
            UsageJournal journal,
            ScheduledExecutorService teller,
            LedgerSettings settings,
            Optional<JournalFollower> follower,
            LedgerListener listener) {
        LedgerClock time = LedgerClock.system();
        CompletionStage<LeasedLedger> opening = follower.map(
                        second -> LeasedLedger.open(authority, journal, time, teller, settings, listener, second))
                .orElseGet(() -> LeasedLedger.open(authority, journal, time, teller, settings, listener));
        return opening.whenComplete((ledger, failure) -> {
            if (failure != null) {
                // nothing is in it, and a writer that the database never met would be reported at every start
                journal.delete();
            }
        });
    }

    private SqlQuotaAuthority authority(JournalDirectory journals, Database database, Executor worker) {
        return new SqlQuotaAuthority(database, worker, clock, config.node().nodeName(), journals.place())
                .telling(moved);
    }

    /** Looks after nodes that are gone, over connections that are not the ledger's. */
    private WriterReclaim watchWriters(JournalDirectory journals, Database database, NodeThreads threads) {
        // it waits for each answer anyway: its transactions run where it runs
        WriterReclaim reclaim = new WriterReclaim(
                authority(journals, database, Runnable::run), config.ledger().reclaimAfter(), System::nanoTime);
        watch(threads, "look after other nodes", reclaim::look);
        return reclaim;
    }

    /** A journal that was copied from another place is booked when its writer has ended. */
    private static void bookCopiesLater(LeftJournals left, NodeThreads threads) {
        if (left.hasCopiesInUse()) {
            watch(threads, "book copied journals", left::bookCopies);
        }
    }

    private static void watch(NodeThreads threads, String what, Runnable look) {
        long period = WriterReclaim.INTERVAL.toMillis();
        Runnable guarded = () -> {
            try {
                look.run();
            } catch (RuntimeException e) {
                LOG.warn("cannot {} now: {}", what, e.getMessage());
            }
        };
        var unused = threads.watching().scheduleWithFixedDelay(guarded, period, period, TimeUnit.MILLISECONDS);
    }

    /** A node gives up its part of the balances well before others may take it back. */
    private LedgerSettings ledgerSettings(Duration bookingDelay) {
        LedgerSettings settings =
                LedgerSettings.DEFAULT.withBookingDelay(bookingDelay).withRefusalMemory(REFUSAL_MEMORY);
        Duration reclaim = config.ledger().reclaimAfter();
        Duration lease = reclaim.isZero() ? LedgerSettings.NO_DEADLINE : WriterReclaim.leaseUnder(reclaim);
        return (config.store().server().isPresent() ? settings.withHeartbeat(SHARED_HEARTBEAT) : settings)
                .withLease(lease);
    }

    /** Asks once for somebody who does not exist, so that a burst of first callers does not wait for classes to load. */
    private static void warmUp(RenewedLedger ledger) {
        ledger.reserve(Payer.limitedToken(Long.MAX_VALUE, Long.MAX_VALUE), Quota.of(1))
                .toCompletableFuture()
                .join();
    }

    private static Path directory(ServerConfig config) {
        return config.ledger().dataDir().resolve("newapi-journal");
    }
}
