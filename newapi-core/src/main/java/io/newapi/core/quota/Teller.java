package io.newapi.core.quota;

import io.newapi.core.quota.QuotaAuthority.Answer;
import io.newapi.core.quota.QuotaAuthority.Exchange;
import io.newapi.core.quota.QuotaAuthority.ExchangeFailure;
import io.newapi.core.quota.QuotaAuthority.Verdict;
import io.newapi.core.quota.QuotaAuthority.View;
import io.newapi.core.quota.QuotaAuthority.WriterState;
import io.newapi.core.quota.ReserveOutcome.Unavailable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The one task that runs a ledger's exchanges, one at a time, on one thread.
 *
 * <pre>
 *   IDLE --send--> SENT --answer--> IDLE
 *                  SENT --not applied--> IDLE
 *                  SENT --in doubt--> UNKNOWN --resync--> IDLE
 * </pre>
 *
 * <p>While an exchange is in doubt nothing else is sent; reservations from memory and settlements go on.
 */
final class Teller {

    private static final int MAX_ENTRIES = 500;
    private static final int MAX_REQUESTS = 500;
    private static final Duration RETRY_PAUSE = Duration.ofMillis(50);
    private static final Duration RESYNC_PAUSE = Duration.ofMillis(200);
    private static final Duration IDLE_SCAN = Duration.ofSeconds(1);
    private static final Duration TIGHT = Duration.ofSeconds(5);
    private static final Duration SPENDING_WINDOW = Duration.ofSeconds(15);

    private enum Phase {
        IDLE,
        SENT,
        UNKNOWN
    }

    /** One caller who waits for quota. */
    private record Waiting(Payer payer, long units, long deadlineNanos, CompletableFuture<ReserveOutcome> outcome) {}

    /** One exchange under way, with what is needed to correct memory afterwards. */
    private record Sent(Exchange exchange, List<Waiting> callers, long sentNanos, long sentMillis) {}

    private final LeasedLedger ledger;
    private final QuotaAuthority authority;
    private final UsageJournal journal;
    private final LedgerClock clock;
    private final ScheduledExecutorService thread;
    private final LedgerSettings settings;

    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final Queue<JournalEntry> unwritten = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean runPending = new AtomicBoolean();
    private final AtomicBoolean bookingPending = new AtomicBoolean();
    private final CompletableFuture<Void> left = new CompletableFuture<>();

    private volatile long leaseEndNanos;
    private volatile long leaseEndMillis;
    private volatile @Nullable String refusalReason;
    private volatile boolean leaving;

    private Phase phase = Phase.IDLE;
    private long believedApplied;
    private long lastScanNanos;
    private long lastExchangeNanos;
    private boolean closingStarted;

    Teller(
            LeasedLedger ledger,
            QuotaAuthority authority,
            UsageJournal journal,
            LedgerClock clock,
            ScheduledExecutorService thread,
            LedgerSettings settings) {
        this.ledger = ledger;
        this.authority = authority;
        this.journal = journal;
        this.clock = clock;
        this.thread = thread;
        this.settings = settings;
    }

    void start() {
        believedApplied = journal.start();
        lastExchangeNanos = clock.nanoTime();
        lastScanNanos = lastExchangeNanos;
        extendLease(lastExchangeNanos, clock.wallMillis());
        journal.prepareRoom();
        scheduleTick();
    }

    // ---- called from any thread ----

    CompletionStage<ReserveOutcome> ask(Payer payer, long units) {
        CompletableFuture<ReserveOutcome> outcome = new CompletableFuture<>();
        long deadline = clock.nanoTime() + settings.patience().toNanos();
        waiting.add(new Waiting(payer, units, deadline, outcome));
        wakeNow();
        return outcome;
    }

    void record(JournalEntry entry) {
        try {
            journal.append(entry);
        } catch (JournalFailure e) {
            unwritten.add(entry);
            refusalReason = "the settlement journal cannot be written";
        }
        wakeLater();
    }

    /** Why nothing can be reserved at all now, if so. */
    Optional<Unavailable> refusal() {
        if (leaving) {
            return Optional.of(new Unavailable("the ledger is closing", 1));
        }
        String reason = refusalReason;
        if (reason != null) {
            return Optional.of(new Unavailable(reason, 2));
        }
        if (!journal.hasRoom()) {
            return Optional.of(new Unavailable("the settlement journal has no room", 2));
        }
        return Optional.empty();
    }

    boolean leaseExpired() {
        return clock.nanoTime() - leaseEndNanos >= 0 || clock.wallMillis() >= leaseEndMillis;
    }

    void wakeNow() {
        if (runPending.compareAndSet(false, true)) {
            execute(() -> {
                runPending.set(false);
                run();
            });
        }
    }

    CompletionStage<Void> leave() {
        leaving = true;
        wakeNow();
        return left;
    }

    private void wakeLater() {
        if (bookingPending.compareAndSet(false, true)) {
            schedule(settings.bookingDelay(), () -> {
                bookingPending.set(false);
                run();
            });
        }
    }

    // ---- on the teller's thread ----

    private void scheduleTick() {
        Duration tick = settings.patience().compareTo(Duration.ofMillis(250)) < 0
                ? settings.patience().plusMillis(1)
                : Duration.ofMillis(250);
        schedule(tick, () -> {
            expireWaiting();
            run();
            if (!left.isDone()) {
                scheduleTick();
            }
        });
    }

    private void run() {
        if (phase != Phase.IDLE || left.isDone()) {
            return;
        }
        writeUnwritten();
        journal.prepareRoom();
        long now = clock.nanoTime();
        List<Waiting> callers = nextCallers();
        Map<Account, Long> returns = collectReturns(now);
        UsageJournal.Page page = journal.hasEntriesFrom(believedApplied)
                ? journal.read(believedApplied, MAX_ENTRIES)
                : UsageJournal.Page.EMPTY;
        boolean heartbeatDue = now - lastExchangeNanos >= settings.heartbeat().toNanos();
        if (callers.isEmpty() && returns.isEmpty() && page.entries().isEmpty() && !heartbeatDue) {
            if (leaving) {
                closeWriter();
            }
            return;
        }
        send(page, callers, returns, now);
    }

    private void send(UsageJournal.Page page, List<Waiting> callers, Map<Account, Long> returns, long now) {
        List<QuotaAuthority.GrantRequest> requests = new ArrayList<>(callers.size());
        Set<Account> touched = new HashSet<>(returns.keySet());
        for (Waiting caller : callers) {
            touched.add(caller.payer().userAccount());
            caller.payer().limitAccount().ifPresent(touched::add);
            requests.add(new QuotaAuthority.GrantRequest(
                    shortfall(caller.payer().userAccount(), caller.units(), now),
                    caller.payer().limitAccount().map(limit -> shortfall(limit, caller.units(), now))));
        }
        for (JournalEntry entry : page.entries()) {
            touched.add(entry.payer().userAccount());
            entry.payer().limitAccount().ifPresent(touched::add);
        }
        Exchange exchange = new Exchange(
                journal.writer(), believedApplied, page.entries(), page.positions(), returns, requests, touched);
        Sent sent = new Sent(exchange, callers, now, clock.wallMillis());
        phase = Phase.SENT;
        authority.exchange(exchange).whenComplete((answer, failure) -> execute(() -> answered(sent, answer, failure)));
    }

    private QuotaAuthority.Shortfall shortfall(Account account, long units, long now) {
        Cell cell = ledger.cell(account);
        long missing = Math.max(0, Math.subtractExact(units, cell.freeUnits()));
        long spent = cell.recentlySpent(now, SPENDING_WINDOW.toNanos());
        return new QuotaAuthority.Shortfall(account, missing, spent, cell.isTight(now) || leaving);
    }

    private void answered(Sent sent, @Nullable Answer answer, @Nullable Throwable failure) {
        if (answer != null) {
            phase = Phase.IDLE;
            applied(sent, answer);
            run();
        } else if (mayHaveHappened(failure)) {
            phase = Phase.UNKNOWN;
            resync(sent);
        } else {
            phase = Phase.IDLE;
            sent.exchange()
                    .returns()
                    .forEach((account, units) -> ledger.cell(account).add(units));
            waiting.addAll(sent.callers());
            schedule(RETRY_PAUSE, this::run);
        }
    }

    private static boolean mayHaveHappened(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return !(cause instanceof ExchangeFailure known) || known.mayHaveHappened();
    }

    private void resync(Sent sent) {
        authority
                .resync(journal.writer(), sent.exchange().touched())
                .whenComplete((view, failure) -> execute(() -> {
                    if (view == null) {
                        schedule(RESYNC_PAUSE, () -> resync(sent));
                        return;
                    }
                    phase = Phase.IDLE;
                    correct(sent, view);
                    waiting.addAll(sent.callers());
                    run();
                }));
    }

    private void applied(Sent sent, Answer answer) {
        correct(sent, answer.view());
        lastExchangeNanos = sent.sentNanos();
        if (answer.view().state() == WriterState.OPEN) {
            extendLease(sent.sentNanos(), sent.sentMillis());
            long tightUntil = clock.nanoTime() + TIGHT.toNanos();
            answer.recalled().forEach(account -> ledger.cell(account).recall(tightUntil));
            serve(sent, answer.verdicts());
        } else {
            refusalReason = "this node's ledger was closed by another";
            sent.callers().forEach(caller -> caller.outcome().complete(new Unavailable("the ledger is closed", 2)));
        }
    }

    /** Memory follows the authority: the one formula for every way in which an exchange can have ended. */
    private void correct(Sent sent, View view) {
        Exchange exchange = sent.exchange();
        Map<Account, Long> bookedLeased = new HashMap<>();
        long now = clock.nanoTime();
        for (int i = 0; i < exchange.entries().size(); i++) {
            if (exchange.positions().get(i) > view.appliedPosition()) {
                break;
            }
            JournalEntry entry = exchange.entries().get(i);
            bookedLeased.merge(entry.payer().userAccount(), entry.units(), Math::addExact);
            entry.payer().limitAccount().ifPresent(limit -> bookedLeased.merge(limit, entry.units(), Math::addExact));
        }
        for (Account account : exchange.touched()) {
            Cell cell = ledger.cell(account);
            long booked = bookedLeased.getOrDefault(account, 0L);
            cell.correct(view.heldOf(account), exchange.returns().getOrDefault(account, 0L), booked);
            cell.spent(booked, now, SPENDING_WINDOW.toNanos());
        }
        believedApplied = Math.max(believedApplied, view.appliedPosition());
        journal.discardBefore(believedApplied);
    }

    private void serve(Sent sent, List<Verdict> verdicts) {
        for (int i = 0; i < sent.callers().size(); i++) {
            Waiting caller = sent.callers().get(i);
            Reservation reservation = ledger.tryReserve(caller.payer(), caller.units());
            if (reservation != null) {
                hand(caller, reservation);
                continue;
            }
            Optional<ReserveOutcome> refusal =
                    refusalOf(caller, sent.exchange().requests().get(i), verdicts.get(i));
            if (refusal.isPresent()) {
                caller.outcome().complete(refusal.get());
            } else {
                waiting.add(caller);
            }
        }
    }

    /** Empty when another exchange may still help. */
    private Optional<ReserveOutcome> refusalOf(Waiting caller, QuotaAuthority.GrantRequest request, Verdict verdict) {
        if (verdict instanceof Verdict.Closed closed) {
            return Optional.of(new ReserveOutcome.Closed(closed.account()));
        }
        if (verdict instanceof Verdict.Insufficient small) {
            QuotaAuthority.Shortfall asked = request.token()
                    .filter(token -> token.account().equals(small.account()))
                    .orElse(request.user());
            long missingNow = caller.units() - ledger.cell(small.account()).freeUnits();
            boolean lessIsMissingNow = missingNow < asked.units();
            if (!lessIsMissingNow && small.leasedElsewhereUnits() == 0) {
                return Optional.of(new ReserveOutcome.Insufficient(small.account(), Quota.of(caller.units())));
            }
        }
        return Optional.empty();
    }

    private void hand(Waiting caller, Reservation reservation) {
        if (!caller.outcome().complete(new ReserveOutcome.Reserved(reservation))) {
            reservation.release();
        }
    }

    private List<Waiting> nextCallers() {
        List<Waiting> callers = new ArrayList<>();
        while (callers.size() < MAX_REQUESTS) {
            Waiting caller = waiting.poll();
            if (caller == null) {
                break;
            }
            if (caller.outcome().isDone()) {
                continue;
            }
            Reservation reservation = ledger.tryReserve(caller.payer(), caller.units());
            if (reservation != null) {
                hand(caller, reservation);
            } else {
                callers.add(caller);
            }
        }
        return callers;
    }

    private void expireWaiting() {
        long now = clock.nanoTime();
        for (Waiting caller : waiting) {
            if (now - caller.deadlineNanos() >= 0) {
                caller.outcome().complete(new Unavailable("the balance cannot be reached now", 2));
            }
        }
    }

    private Map<Account, Long> collectReturns(long now) {
        if (now - lastScanNanos < IDLE_SCAN.toNanos() && !leaving) {
            return Map.of();
        }
        lastScanNanos = now;
        Map<Account, Long> returns = new HashMap<>();
        long idleNanos = settings.idleReturn().toNanos();
        ArrayDeque<Cell> retired = new ArrayDeque<>();
        for (Cell cell : ledger.allCells()) {
            if (cell.isRecalled() || cell.idleSince(now, idleNanos)) {
                long free = cell.takeAllFree();
                cell.answeredRecall();
                if (free > 0) {
                    returns.put(cell.account(), free);
                } else if (cell.retireIfEmpty()) {
                    retired.add(cell);
                }
            }
        }
        retired.forEach(ledger::forget);
        return returns;
    }

    private void writeUnwritten() {
        while (true) {
            JournalEntry entry = unwritten.peek();
            if (entry == null) {
                if (!journalRefused()) {
                    return;
                }
                refusalReason = null;
                return;
            }
            try {
                journal.append(entry);
                unwritten.remove();
            } catch (JournalFailure e) {
                return;
            }
        }
    }

    private boolean journalRefused() {
        String reason = refusalReason;
        return reason != null && reason.startsWith("the settlement journal");
    }

    private void extendLease(long fromNanos, long fromMillis) {
        leaseEndNanos = fromNanos + settings.lease().toNanos();
        leaseEndMillis = fromMillis + settings.lease().toMillis();
    }

    private void closeWriter() {
        if (closingStarted || !unwritten.isEmpty()) {
            return;
        }
        closingStarted = true;
        authority
                .beginClose(journal.writer())
                .thenCompose(view -> authority.finishClose(journal.writer()))
                .whenComplete((closed, failure) -> execute(() -> {
                    if (failure != null) {
                        closingStarted = false;
                        left.completeExceptionally(failure);
                        return;
                    }
                    if (ledger.openReservations() == 0 && !journal.hasEntriesFrom(believedApplied)) {
                        journal.delete();
                    }
                    left.complete(null);
                }));
    }

    private void execute(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            left.completeExceptionally(e);
        }
    }

    private void schedule(Duration delay, Runnable task) {
        try {
            // the teller's tasks report their failures themselves
            var unused = thread.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            left.completeExceptionally(e);
        }
    }
}
