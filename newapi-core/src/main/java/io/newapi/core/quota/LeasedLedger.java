package io.newapi.core.quota;

import io.newapi.core.quota.ReserveOutcome.Reserved;
import io.newapi.core.quota.ReserveOutcome.Unavailable;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A ledger that spends from leased slices of the balances: reserving and settling are compare-and-set on memory and one
 * append to the journal; the authority is asked only when a slice is short, and told when settlements are booked.
 *
 * <p>The order of steps carries the exactness:
 *
 * <ul>
 *   <li>reserve: take from the user's cell, then from the token's, then look at the clock; give back on failure;
 *   <li>settle: subtract an overage, append to the journal, add what is left over. The teller may book an entry the
 *       moment it is in the journal, so memory must never promise more than that.
 * </ul>
 *
 * <p>Thread-safe. One {@link Teller} task moves quota between the cells and the authority.
 */
public final class LeasedLedger implements QuotaLedger {

    private static final long LEAST_RESERVATION_UNITS = 1;

    private final ConcurrentMap<Account, Cell> cells = new ConcurrentHashMap<>();
    private final UsageJournal journal;
    private final LedgerClock clock;
    private final Teller teller;
    private final LongAdder open = new LongAdder();

    private LeasedLedger(
            QuotaAuthority authority,
            UsageJournal journal,
            LedgerClock clock,
            ScheduledExecutorService tellerThread,
            LedgerSettings settings) {
        this.journal = journal;
        this.clock = clock;
        this.teller = new Teller(this, authority, journal, clock, tellerThread, settings);
    }

    /**
     * Registers the journal's writer with the authority and opens a ledger for it.
     *
     * @param tellerThread one thread for the teller; stays the caller's to shut down, after {@link #close}
     */
    public static CompletionStage<LeasedLedger> open(
            QuotaAuthority authority,
            UsageJournal journal,
            LedgerClock clock,
            ScheduledExecutorService tellerThread,
            LedgerSettings settings) {
        return authority.register(journal.writer()).thenApply(registered -> {
            LeasedLedger ledger = new LeasedLedger(authority, journal, clock, tellerThread, settings);
            ledger.teller.start();
            return ledger;
        });
    }

    /**
     * A ledger within this process alone: no file, no other node. Its teller runs on a daemon thread.
     *
     * @param authority owns the balances
     */
    public static LeasedLedger inMemory(InMemoryQuotaAuthority authority) {
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread daemon = new Thread(task, "newapi-teller");
            daemon.setDaemon(true);
            return daemon;
        });
        UsageJournal journal = new MemoryJournal(WriterId.random(new SecureRandom()));
        return open(authority, journal, LedgerClock.system(), thread, LedgerSettings.DEFAULT)
                .toCompletableFuture()
                .join();
    }

    @Override
    public CompletionStage<ReserveOutcome> reserve(Payer payer, Quota amount) {
        long units = Math.max(amount.units(), LEAST_RESERVATION_UNITS);
        Optional<Unavailable> refusal = teller.refusal();
        if (refusal.isPresent()) {
            return CompletableFuture.completedFuture(refusal.get());
        }
        Reservation reservation = tryReserve(payer, units);
        if (reservation != null) {
            return CompletableFuture.completedFuture(new Reserved(reservation));
        }
        return teller.ask(payer, units);
    }

    @Override
    public Reservation unchecked(Payer payer) {
        open.increment();
        return new Reservation(this, payer, 0);
    }

    @Override
    public CompletionStage<Void> close() {
        return teller.leave();
    }

    /**
     * Says that the balance of an account was changed elsewhere, or that somebody needs what is idle here: the next
     * exchange follows at once.
     */
    public void poke() {
        teller.wakeNow();
    }

    /** How many reservations are neither settled nor released. */
    public long openReservations() {
        return open.sum();
    }

    /** Takes from both cells or from neither; null when that needs the authority. */
    @Nullable
    Reservation tryReserve(Payer payer, long units) {
        long now = clock.nanoTime();
        if (!take(payer.userAccount(), units, now)) {
            return null;
        }
        Optional<Account> limit = payer.limitAccount();
        if (limit.isPresent() && !take(limit.get(), units, now)) {
            adjust(payer.userAccount(), units);
            return null;
        }
        if (teller.leaseExpired()) {
            adjustBoth(payer, units);
            return null;
        }
        open.increment();
        return new Reservation(this, payer, units);
    }

    void settled(Payer payer, long heldUnits, Settlement settlement) {
        long used = settlement.charge().units();
        if (used > heldUnits) {
            adjustBoth(payer, heldUnits - used);
        }
        teller.record(new JournalEntry(payer, settlement));
        if (used < heldUnits) {
            adjustBoth(payer, heldUnits - used);
        }
        open.decrement();
    }

    void released(Payer payer, long heldUnits) {
        if (heldUnits > 0) {
            adjustBoth(payer, heldUnits);
        }
        open.decrement();
    }

    Cell cell(Account account) {
        return cells.computeIfAbsent(account, missing -> new Cell(missing, clock.nanoTime()));
    }

    @Nullable
    Cell existingCell(Account account) {
        return cells.get(account);
    }

    Iterable<Cell> allCells() {
        return cells.values();
    }

    void forget(Cell retired) {
        cells.remove(retired.account(), retired);
    }

    private boolean take(Account account, long units, long now) {
        while (true) {
            Cell cell = cells.get(account);
            if (cell == null) {
                return false;
            }
            Cell.Taken taken = cell.take(units, now);
            if (taken != Cell.Taken.RETIRED) {
                return taken == Cell.Taken.YES;
            }
            cells.remove(account, cell);
        }
    }

    private void adjustBoth(Payer payer, long units) {
        adjust(payer.userAccount(), units);
        payer.limitAccount().ifPresent(limit -> adjust(limit, units));
    }

    private void adjust(Account account, long units) {
        while (true) {
            Cell cell = cell(account);
            if (cell.add(units)) {
                return;
            }
            cells.remove(account, cell);
        }
    }

    @Override
    public String toString() {
        return "LeasedLedger[writer " + journal.writer() + ", " + openReservations() + " open]";
    }
}
