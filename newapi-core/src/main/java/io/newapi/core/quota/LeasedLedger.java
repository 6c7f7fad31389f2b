package io.newapi.core.quota;

import io.newapi.core.quota.ReserveOutcome.Insufficient;
import io.newapi.core.quota.ReserveOutcome.Reserved;
import io.newapi.core.quota.ReserveOutcome.Unavailable;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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
 * <p>Thread-safe. One {@link Teller} task moves quota between the cells and the authority. Outcomes for which the
 * authority was asked are completed on the teller's thread, which must not be held up.
 */
public final class LeasedLedger implements QuotaLedger {

    private static final long LEAST_RESERVATION_UNITS = 1;

    private final ConcurrentMap<Account, Cell> cells = new ConcurrentHashMap<>();
    private final UsageJournal journal;
    private final LedgerClock clock;
    private final LeaseDeadline deadline;
    private final Teller teller;
    private final LedgerSettings settings;
    private final LedgerListener listener;
    private final AtomicLong open = new AtomicLong();

    private LeasedLedger(
            QuotaAuthority authority,
            UsageJournal journal,
            LedgerClock clock,
            ScheduledExecutorService tellerThread,
            LedgerSettings settings,
            LedgerListener listener,
            @Nullable JournalFollower follower) {
        this.journal = journal;
        this.clock = clock;
        this.settings = settings;
        this.listener = ContainedListener.of(listener);
        this.deadline = new LeaseDeadline(clock, settings.lease(), this.listener);
        this.teller = new Teller(this, authority, journal, clock, deadline, tellerThread, settings, follower);
    }

    /**
     * Registers the journal's writer with the authority and opens a ledger for it.
     *
     * @param journal new and empty; the ledger's from here, deleted when everything in it is booked
     * @param tellerThread one thread for the teller; stays the caller's to shut down, after {@link #close}
     * @return fails if the authority cannot register the writer; then the journal is still the caller's
     */
    public static CompletionStage<LeasedLedger> open(
            QuotaAuthority authority,
            UsageJournal journal,
            LedgerClock clock,
            ScheduledExecutorService tellerThread,
            LedgerSettings settings) {
        return open(authority, journal, clock, tellerThread, settings, LedgerListener.none());
    }

    /**
     * The same, with somebody who is told what happens in it.
     *
     * @param tellerThread one thread for the teller; stays the caller's to shut down, after {@link #close}
     * @param listener may throw; see {@link LedgerListener} for the threads on which it is called
     */
    public static CompletionStage<LeasedLedger> open(
            QuotaAuthority authority,
            UsageJournal journal,
            LedgerClock clock,
            ScheduledExecutorService tellerThread,
            LedgerSettings settings,
            LedgerListener listener) {
        return opened(authority, journal, clock, tellerThread, settings, listener, null);
    }

    /**
     * The same, with somebody who stores what is settled a second time. {@link #close} waits for it too, though not for
     * ever; what it has not stored then keeps the journal.
     *
     * @param tellerThread one thread for the teller; stays the caller's to shut down, after {@link #close}
     * @param listener may throw; see {@link LedgerListener} for the threads on which it is called
     */
    public static CompletionStage<LeasedLedger> open(
            QuotaAuthority authority,
            UsageJournal journal,
            LedgerClock clock,
            ScheduledExecutorService tellerThread,
            LedgerSettings settings,
            LedgerListener listener,
            JournalFollower follower) {
        return opened(authority, journal, clock, tellerThread, settings, listener, follower);
    }

    private static CompletionStage<LeasedLedger> opened(
            QuotaAuthority authority,
            UsageJournal journal,
            LedgerClock clock,
            ScheduledExecutorService tellerThread,
            LedgerSettings settings,
            LedgerListener listener,
            @Nullable JournalFollower follower) {
        return authority.register(journal.writer()).thenApply(registered -> {
            LeasedLedger ledger =
                    new LeasedLedger(authority, journal, clock, tellerThread, settings, listener, follower);
            ledger.teller.start();
            return ledger;
        });
    }

    /**
     * A ledger within this process alone: no file, no other node. Its teller runs on a daemon thread, which ends when
     * the ledger is closed.
     *
     * @param authority owns the balances
     */
    public static LeasedLedger inMemory(InMemoryQuotaAuthority authority) {
        ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread daemon = new Thread(task, "newapi-teller");
            daemon.setDaemon(true);
            return daemon;
        });
        // nobody shuts this executor down: its thread leaves by itself when a closed ledger schedules nothing more
        thread.setKeepAliveTime(1, TimeUnit.SECONDS);
        thread.allowCoreThreadTimeOut(true);
        UsageJournal journal = new MemoryJournal(WriterId.random(new SecureRandom()));
        return open(authority, journal, LedgerClock.system(), thread, LedgerSettings.DEFAULT)
                .toCompletableFuture()
                .join();
    }

    @Override
    public CompletionStage<ReserveOutcome> reserve(Payer payer, Quota amount) {
        Unavailable refusal = teller.refusal();
        if (refusal != null) {
            listener.refused(payer, refusal);
            return CompletableFuture.completedFuture(refusal);
        }
        long units = Math.max(amount.units(), LEAST_RESERVATION_UNITS);
        Reservation reservation = tryReserve(payer, units);
        if (reservation != null) {
            return CompletableFuture.completedFuture(new Reserved(reservation));
        }
        Insufficient known = knownRefusal(payer, units);
        if (known != null) {
            listener.refused(payer, known);
            return CompletableFuture.completedFuture(known);
        }
        return askTeller(payer, units);
    }

    private @Nullable Insufficient knownRefusal(Payer payer, long units) {
        if (settings.refusalMemory().isZero()) {
            return null;
        }
        long now = clock.nanoTime();
        Account limit = payer.limit();
        if (refuses(payer.userAccount(), units, now)) {
            return new Insufficient(payer.userAccount(), Quota.of(units));
        }
        return limit != null && refuses(limit, units, now) ? new Insufficient(limit, Quota.of(units)) : null;
    }

    private boolean refuses(Account account, long units, long now) {
        Cell cell = cells.get(account);
        return cell != null && cell.refuses(units, now);
    }

    CompletionStage<ReserveOutcome> askTeller(Payer payer, long units) {
        return teller.ask(payer, units);
    }

    /** Whom to tell what happens; its exceptions are contained. */
    LedgerListener listener() {
        return listener;
    }

    /** @throws IllegalStateException if the ledger is closed and its journal is gone */
    @Override
    public Reservation unchecked(Payer payer) {
        open.incrementAndGet();
        if (teller.isSealed()) {
            open.decrementAndGet();
            throw new IllegalStateException("the ledger of writer " + journal.writer() + " is closed");
        }
        listener.reserved(payer, 0);
        return new Reservation(this, payer, payer.userAccount(), payer.limit(), 0);
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
        // first the question that is under way, whose answer may be older than the change
        teller.poke();
        cells.values().forEach(Cell::forgetRefusal);
    }

    /** Whether it was ended for good by others, or by a failure of its own: it will never reserve again. */
    boolean wasEnded() {
        return deadline.ended() != null;
    }

    /** Why nothing at all is reserved now, for the operator; empty while calls are served. Never waits. */
    public Optional<String> obstacle() {
        Unavailable refusal = teller.refusal();
        return refusal == null ? Optional.empty() : Optional.of(refusal.reason());
    }

    /** Of how many accounts a slice is held here, or was a moment ago. */
    public int accounts() {
        return cells.size();
    }

    /** How many reservations are neither settled nor released. */
    public long openReservations() {
        return open.get();
    }

    /** Takes from both cells or from neither; null when that needs the authority. */
    @Nullable
    Reservation tryReserve(Payer payer, long units) {
        Account user = payer.userAccount();
        Account limit = payer.limit();
        // a token that is short takes nothing from the user, not even for a moment: another token's call might
        // meet that moment and be refused
        return limit != null && !has(limit, units) ? null : takeBoth(payer, user, limit, units);
    }

    /** Another call may have been quicker since the limit was looked at. */
    @Nullable
    Reservation takeBoth(Payer payer, Account user, @Nullable Account limit, long units) {
        Cell ofUser = taken(user, units);
        if (ofUser == null) {
            return null;
        }
        Cell ofLimit = limit == null ? ofUser : taken(limit, units);
        if (ofLimit == null) {
            adjust(user, units);
            return null;
        }
        // counted before the deadline is looked at: a teller that ended it and then counts none open may delete the
        // journal
        open.incrementAndGet();
        long now = clock.nanoTime();
        if (deadline.passed(now)) {
            adjust(user, limit, units);
            open.decrementAndGet();
            return null;
        }
        ofUser.used(now);
        ofLimit.used(now);
        listener.reserved(payer, units);
        return new Reservation(this, payer, user, limit, units);
    }

    void settled(Reservation reservation, Settlement settlement) {
        long used = settlement.charge().units();
        long held = reservation.heldUnits();
        if (used > held) {
            adjust(reservation.user(), reservation.limit(), held - used);
        }
        teller.record(new JournalEntry(reservation.payer(), settlement));
        if (used < held) {
            giveBack(reservation.user(), reservation.limit(), held - used);
        }
        open.decrementAndGet();
        listener.settled(reservation.payer(), held, settlement);
    }

    void released(Reservation reservation) {
        if (reservation.heldUnits() > 0) {
            giveBack(reservation.user(), reservation.limit(), reservation.heldUnits());
        }
        open.decrementAndGet();
        listener.released(reservation.payer(), reservation.heldUnits());
    }

    Cell cell(Account account) {
        Cell present = cells.get(account);
        return present != null
                ? present
                : cells.computeIfAbsent(account, missing -> new Cell(missing, clock.nanoTime()));
    }

    Iterable<Cell> allCells() {
        return cells.values();
    }

    void forget(Cell retired) {
        cells.remove(retired.account(), retired);
    }

    void adjust(Account account, long units) {
        while (true) {
            Cell cell = cell(account);
            if (cell.add(units)) {
                return;
            }
            forget(cell);
        }
    }

    private void adjust(Account user, @Nullable Account limit, long units) {
        adjust(user, units);
        if (limit != null) {
            adjust(limit, units);
        }
    }

    private void giveBack(Account user, @Nullable Account limit, long units) {
        adjust(user, limit, units);
        teller.somethingCameBack();
    }

    private boolean has(Account account, long units) {
        Cell cell = cells.get(account);
        return cell != null && cell.freeUnits() >= units;
    }

    /** The cell from which the units were taken; null if it has too little. */
    private @Nullable Cell taken(Account account, long units) {
        while (true) {
            Cell cell = cells.get(account);
            if (cell == null) {
                return null;
            }
            Cell.Taken taken = cell.take(units);
            if (taken != Cell.Taken.RETIRED) {
                return taken == Cell.Taken.YES ? cell : null;
            }
            forget(cell);
        }
    }

    @Override
    public String toString() {
        return "LeasedLedger[writer " + journal.writer() + ", " + openReservations() + " open]";
    }
}
