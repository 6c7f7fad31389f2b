package io.newapi.core.quota;

import io.newapi.core.quota.ReserveOutcome.Reserved;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What the ledger itself takes for one call whose slice suffices: the journal forgets at once. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ReserveBenchmark {

    private static final long PLENTY = 1L << 50;
    private static final Quota AMOUNT = Quota.of(1_000);

    private final Payer payer = Payer.limitedToken(17, 34);
    private final Payer userAlone = Payer.user(17);
    private final Settlement settlement = Settlement.of("2026112606012345678abcdef", Quota.ZERO);

    private ScheduledExecutorService teller;
    private LeasedLedger ledger;

    /** A ledger that has leased plenty. */
    @Setup(Level.Trial)
    public void open() {
        InMemoryQuotaAuthority balances = new InMemoryQuotaAuthority();
        balances.credit(payer.userAccount(), Quota.of(PLENTY));
        balances.credit(Account.token(34), Quota.of(PLENTY));
        teller = Executors.newSingleThreadScheduledExecutor();
        ledger = LeasedLedger.open(
                        balances,
                        new Forgetful(WriterId.random(new SecureRandom())),
                        LedgerClock.system(),
                        teller,
                        LedgerSettings.DEFAULT.withIdleReturn(Duration.ofDays(1)))
                .toCompletableFuture()
                .join();
        ((Reserved) ledger.reserve(payer, Quota.of(PLENTY / 4))
                        .toCompletableFuture()
                        .join())
                .reservation()
                .release();
    }

    /** Closes it. */
    @TearDown(Level.Trial)
    public void close() {
        ledger.close().toCompletableFuture().join();
        teller.shutdownNow();
    }

    /** A user's token with a limit: two balances. */
    @Benchmark
    public boolean reserveAndSettle() {
        return reserved(payer).settle(settlement);
    }

    /** A user alone: one balance. */
    @Benchmark
    public boolean reserveAndSettleUser() {
        return reserved(userAlone).settle(settlement);
    }

    /** A call that used nothing. */
    @Benchmark
    public boolean reserveAndRelease() {
        return reserved(payer).release();
    }

    private Reservation reserved(Payer who) {
        return ((Reserved) ledger.reserve(who, AMOUNT).toCompletableFuture().join()).reservation();
    }

    /** A journal that keeps nothing, so that only the ledger is measured. */
    private static final class Forgetful implements UsageJournal {

        private final WriterId writer;

        private Forgetful(WriterId writer) {
            this.writer = writer;
        }

        @Override
        public WriterId writer() {
            return writer;
        }

        @Override
        public long start() {
            return 0;
        }

        @Override
        public boolean hasRoom() {
            return true;
        }

        @Override
        public void append(JournalEntry entry) {
            // forgotten
        }

        @Override
        public Page read(long from, int limit) {
            return new Page(List.of(), List.of());
        }

        @Override
        public boolean hasEntriesFrom(long position) {
            return false;
        }

        @Override
        public void discardBefore(long position) {
            // nothing is kept
        }

        @Override
        public void prepareRoom() {
            // nothing is kept
        }

        @Override
        public void delete() {
            // nothing is kept
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
