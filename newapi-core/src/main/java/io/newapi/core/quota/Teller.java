package io.newapi.core.quota;

import io.newapi.core.quota.LedgerListener.ExchangeOutcome;
import io.newapi.core.quota.QuotaAuthority.Answer;
import io.newapi.core.quota.QuotaAuthority.Exchange;
import io.newapi.core.quota.QuotaAuthority.ExchangeFailure;
import io.newapi.core.quota.QuotaAuthority.GrantRequest;
import io.newapi.core.quota.QuotaAuthority.Shortfall;
import io.newapi.core.quota.QuotaAuthority.Verdict;
import io.newapi.core.quota.QuotaAuthority.View;
import io.newapi.core.quota.QuotaAuthority.WriterState;
import io.newapi.core.quota.ReserveOutcome.Insufficient;
import io.newapi.core.quota.ReserveOutcome.Unavailable;
import io.newapi.core.quota.WaitingCallers.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one task that runs a ledger's exchanges, one at a time, on one thread.
 *
 * <pre>
 *   IDLE --send--> SENT --answer--> IDLE
 *                  SENT --not applied--> IDLE, after a pause
 *                  SENT --in doubt--> UNKNOWN --resync--> IDLE
 *                  SENT --answer, too little--> RECALLING --others asked--> IDLE
 *   IDLE --nothing left to say, leaving--> CLOSING --closed--> IDLE (late charges only)
 * </pre>
 *
 * <p>While an exchange is under way or in doubt nothing else is sent; reservations from memory, settlements and the
 * patience of those who wait go on. A run is idempotent: it looks at everything and does what is due, so it may be
 * asked for at any time, by anybody.
 */
final class Teller {

    private static final int MAX_ENTRIES = 500;
    private static final int MAX_REQUESTS = 500;
    private static final int RETRY_AFTER_SECONDS = 2;
    private static final Duration SHORTEST_TICK = Duration.ofMillis(10);
    private static final Duration LONGEST_TICK = Duration.ofMillis(250);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration IDLE_SCAN = Duration.ofSeconds(1);
    private static final Duration TIGHT = Duration.ofSeconds(5);
    private static final Duration SPENDING_WINDOW = Duration.ofSeconds(15);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);
    private static final String CLOSING = "the ledger is closing";

    private enum Phase {
        IDLE,
        SENT,
        UNKNOWN,
        RECALLING,
        CLOSING
    }

    private final LeasedLedger ledger;
    private final QuotaAuthority authority;
    private final UsageJournal journal;
    private final LedgerClock clock;
    private final LeaseDeadline deadline;
    private final ScheduledExecutorService thread;
    private final LedgerSettings settings;

    private final WaitingCallers waiting;
    private final Following following;
    private final Queue<JournalEntry> unwritten = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean runPending = new AtomicBoolean();
    private final AtomicBoolean bookingPending = new AtomicBoolean();
    private final CompletableFuture<Void> left = new CompletableFuture<>();

    private volatile boolean leaving;
    private volatile boolean sealed;
    private volatile boolean poked;
    private volatile boolean refusalsOutdated;

    private Phase phase = Phase.IDLE;
    private long believedApplied;
    private boolean bookingDue;
    private boolean scanDue;
    private boolean missing;
    private boolean closed;
    private int failures;
    private long pausedUntilNanos;
    private long wakeAtNanos = Long.MAX_VALUE;
    private long lastScanNanos;
    private long lastExchangeNanos;
    private long lastProgressNanos;
    private boolean leavingSeen;
    private @Nullable Throwable lastFailure;

    /** @param follower stores what is settled a second time; null if nobody does */
    Teller(
            LeasedLedger ledger,
            QuotaAuthority authority,
            UsageJournal journal,
            LedgerClock clock,
            LeaseDeadline deadline,
            ScheduledExecutorService thread,
            LedgerSettings settings,
            @Nullable JournalFollower follower) {
        this.ledger = ledger;
        this.authority = authority;
        this.journal = journal;
        this.clock = clock;
        this.deadline = deadline;
        this.thread = thread;
        this.settings = settings;
        this.waiting = new WaitingCallers(ledger);
        this.following = new Following(follower, journal, clock.nanoTime());
    }

    void start() {
        believedApplied = journal.start();
        long now = clock.nanoTime();
        lastExchangeNanos = now;
        lastScanNanos = now;
        pausedUntilNanos = now;
        journal.prepareRoom();
        schedule(tick(), this::ticked);
    }

    // ---- called from any thread ----

    CompletionStage<ReserveOutcome> ask(Payer payer, long units) {
        CompletableFuture<ReserveOutcome> outcome = waiting.add(payer, units, clock.nanoTime(), settings.patience());
        wakeNow();
        return outcome;
    }

    void record(JournalEntry entry) {
        try {
            journal.append(entry);
        } catch (JournalFailure e) {
            // nothing is reserved until it could be written: see refusal
            unwritten.add(entry);
        }
        wakeForBooking();
    }

    /** Why nothing can be reserved at all now; null if it can. */
    @Nullable
    Unavailable refusal() {
        if (leaving) {
            return new Unavailable(CLOSING, RETRY_AFTER_SECONDS);
        }
        String ended = deadline.ended();
        if (ended != null) {
            return new Unavailable(ended, RETRY_AFTER_SECONDS);
        }
        if (!unwritten.isEmpty()) {
            return new Unavailable("the settlement journal cannot be written", RETRY_AFTER_SECONDS);
        }
        if (!journal.hasRoom()) {
            return new Unavailable("the settlement journal has no room", RETRY_AFTER_SECONDS);
        }
        return null;
    }

    /** Whether the journal was deleted, so that nothing can be settled any more. */
    boolean isSealed() {
        return sealed;
    }

    /** Somebody who waits may be served from what a call gave back. */
    void somethingCameBack() {
        if (!waiting.isEmpty()) {
            wakeNow();
        }
    }

    void poke() {
        poked = true;
        refusalsOutdated = true;
        wakeNow();
    }

    CompletionStage<Void> leave() {
        leaving = true;
        wakeNow();
        return left.copy();
    }

    private void wakeNow() {
        if (!runPending.get() && runPending.compareAndSet(false, true)) {
            execute(() -> {
                runPending.set(false);
                run();
            });
        }
    }

    private void wakeForBooking() {
        if (!bookingPending.get() && bookingPending.compareAndSet(false, true)) {
            schedule(settings.bookingDelay(), () -> {
                // before the journal is read: what is appended later asks for a booking of its own
                bookingPending.set(false);
                bookingDue = true;
                following.due();
                run();
            });
        }
    }

    // ---- on the teller's thread ----

    private Duration tick() {
        Duration quarter = settings.patience().dividedBy(4);
        Duration atLeast = quarter.compareTo(SHORTEST_TICK) < 0 ? SHORTEST_TICK : quarter;
        return atLeast.compareTo(LONGEST_TICK) > 0 ? LONGEST_TICK : atLeast;
    }

    private void ticked() {
        try {
            run();
        } finally {
            if (!sealed) {
                schedule(tick(), this::ticked);
            }
        }
    }

    private void run() {
        long now = clock.nanoTime();
        if (!sealed) {
            writeUnwritten();
            journal.prepareRoom();
        }
        attendCallers(now);
        giveUpLeaving(now);
        if (phase == Phase.IDLE && !sealed && now - pausedUntilNanos >= 0) {
            takeNextStep(now);
        }
        follow(now);
        wakeForNextTry(now);
    }

    private void attendCallers(long now) {
        String ended = deadline.ended();
        if (ended != null) {
            waiting.refuseAll(ended);
            return;
        }
        if (poked) {
            waiting.hurry(now);
        }
        waiting.attend(now);
    }

    private void takeNextStep(long now) {
        List<Caller> callers = waiting.due(now, MAX_REQUESTS);
        Map<Account, Long> returns = collectReturns(now);
        boolean open = deadline.ended() == null;
        boolean heartbeat = open
                && (poked || now - lastExchangeNanos >= settings.heartbeat().toNanos());
        boolean worthAnExchange = heartbeat || !callers.isEmpty() || !returns.isEmpty();
        UsageJournal.Page page = UsageJournal.Page.EMPTY;
        if ((worthAnExchange || bookingDue || leaving) && !missing && journal.hasEntriesFrom(believedApplied)) {
            page = journal.read(believedApplied, MAX_ENTRIES);
        }
        // a full page may not be all
        bookingDue = page.entries().size() == MAX_ENTRIES;
        if (worthAnExchange || !page.entries().isEmpty()) {
            poked = false;
            send(page, callers, returns, now);
        } else if (leaving && waiting.isEmpty() && unwritten.isEmpty()) {
            if (closed) {
                seal();
                endLeaving();
            } else {
                closeWriter();
            }
        }
    }

    private void send(UsageJournal.Page page, List<Caller> callers, Map<Account, Long> returns, long now) {
        List<GrantRequest> requests = new ArrayList<>(callers.size());
        Set<Account> touched = new HashSet<>(returns.keySet());
        for (Caller caller : callers) {
            Payer payer = caller.payer();
            touched.add(payer.userAccount());
            payer.limitAccount().ifPresent(touched::add);
            requests.add(new GrantRequest(
                    shortfall(payer.userAccount(), caller, now),
                    payer.limitAccount().map(limit -> shortfall(limit, caller, now))));
        }
        for (JournalEntry entry : page.entries()) {
            touched.add(entry.payer().userAccount());
            entry.payer().limitAccount().ifPresent(touched::add);
        }
        Exchange exchange = new Exchange(
                journal.writer(), believedApplied, page.entries(), page.positions(), returns, requests, touched);
        Sent sent = new Sent(exchange, callers, now, clock.wallMillis());
        phase = Phase.SENT;
        refusalsOutdated = false;
        asked(() -> authority.exchange(exchange))
                .whenComplete((answer, failure) -> execute(() -> answered(sent, answer, failure)));
    }

    private Shortfall shortfall(Account account, Caller caller, long now) {
        Cell cell = ledger.cell(account);
        long spent = cell.recentlySpent(now, SPENDING_WINDOW.toNanos());
        boolean tight = cell.isTight(now) || leaving || caller.triedInVain();
        return new Shortfall(account, cell.missing(caller.units()), spent, tight);
    }

    private void answered(Sent sent, @Nullable Answer answer, @Nullable Throwable failure) {
        tellOf(sent, answer, failure);
        if (answer != null) {
            phase = Phase.IDLE;
            failures = 0;
            applied(sent, answer);
            run();
        } else if (mayHaveHappened(failure)) {
            phase = Phase.UNKNOWN;
            resync(sent);
        } else {
            phase = Phase.IDLE;
            bookingDue = true;
            sent.exchange().returns().forEach(ledger::adjust);
            pause(failure);
            run();
        }
    }

    private void tellOf(Sent sent, @Nullable Answer answer, @Nullable Throwable failure) {
        ExchangeOutcome outcome = answer != null
                ? ExchangeOutcome.APPLIED
                : mayHaveHappened(failure) ? ExchangeOutcome.IN_DOUBT : ExchangeOutcome.NOT_APPLIED;
        int entries = sent.exchange().entries().size();
        ledger.listener().exchanged(clock.nanoTime() - sent.sentNanos(), entries, outcome);
    }

    private static boolean mayHaveHappened(@Nullable Throwable failure) {
        return !(cause(failure) instanceof ExchangeFailure known) || known.mayHaveHappened();
    }

    private static @Nullable Throwable cause(@Nullable Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private void resync(Sent sent) {
        asked(() -> authority.resync(journal.writer(), sent.exchange().touched()))
                .whenComplete((view, failure) -> execute(() -> {
                    ledger.listener().resynced(view != null);
                    if (view == null) {
                        pause(failure);
                        schedule(Duration.ofNanos(pausedUntilNanos - clock.nanoTime()), () -> resync(sent));
                        run();
                        return;
                    }
                    phase = Phase.IDLE;
                    bookingDue = true;
                    failures = 0;
                    if (!wentBack(view)) {
                        correct(sent, view);
                    }
                    run();
                }));
    }

    /**
     * Whether the authority was put back to an older state, as by a failover to a copy that lagged behind. Then what memory
     * holds is worth nothing: this ledger ends, and what was booked since is booked again from its journal.
     */
    private boolean wentBack(View view) {
        if (view.state() == WriterState.MISSING || view.appliedPosition() >= believedApplied) {
            return false;
        }
        deadline.end("the authority went back to an older state");
        believedApplied = view.appliedPosition();
        bookingDue = true;
        return true;
    }

    private void applied(Sent sent, Answer answer) {
        lastExchangeNanos = sent.sentNanos();
        lastProgressNanos = clock.nanoTime();
        if (wentBack(answer.view())) {
            return;
        }
        correct(sent, answer.view());
        WriterState state = answer.view().state();
        if (state == WriterState.OPEN) {
            deadline.extend(sent.sentNanos(), sent.sentMillis());
            long tightUntil = lastProgressNanos + TIGHT.toNanos();
            answer.recalled().forEach(account -> ledger.cell(account).recall(tightUntil));
            scanDue |= !answer.recalled().isEmpty();
            if (!answer.recalled().isEmpty()) {
                ledger.listener().recalled(answer.recalled());
            }
            serve(sent, answer.verdicts());
        } else {
            missing = state == WriterState.MISSING;
            deadline.end(missing ? "the authority does not know this ledger" : "this ledger was closed by another");
        }
        if (!missing && !sent.isBookedAt(answer.view().appliedPosition())) {
            bookingDue = true;
            pause(new IllegalStateException("the authority booked only up to position " + believedApplied));
        }
    }

    /** Memory follows the authority: the one formula for every way in which an exchange can have ended. */
    private void correct(Sent sent, View view) {
        Exchange exchange = sent.exchange();
        Map<Account, Long> booked = sent.unitsBookedBefore(view.appliedPosition());
        long now = clock.nanoTime();
        for (Account account : exchange.touched()) {
            Cell cell = ledger.cell(account);
            long units = booked.getOrDefault(account, 0L);
            cell.correct(view.heldOf(account), exchange.returns().getOrDefault(account, 0L), units);
            cell.spent(units, now, SPENDING_WINDOW.toNanos());
        }
        believedApplied = Math.max(believedApplied, view.appliedPosition());
        discard();
    }

    private void serve(Sent sent, List<Verdict> verdicts) {
        long now = clock.nanoTime();
        Set<Account> wanted = new HashSet<>();
        for (int i = 0; i < sent.callers().size(); i++) {
            Caller caller = sent.callers().get(i);
            if (caller.isGone() || waiting.serve(caller)) {
                continue;
            }
            ReserveOutcome refusal = sent.refusalOf(
                    i, verdicts.get(i), (account, units) -> ledger.cell(account).missing(units));
            if (refusal != null) {
                if (refusal instanceof Insufficient known) {
                    remember(known.account(), sent.asked(i, known.account()), now);
                }
                caller.refuse(refusal);
                continue;
            }
            if (verdicts.get(i) instanceof Verdict.Insufficient small
                    && small.leasedElsewhereUnits() > 0
                    && !small.recallPending()) {
                caller.recalling();
                wanted.add(small.account());
            }
            caller.postpone(now);
        }
        recall(wanted);
    }

    /** A balance that was changed since it was asked for is asked for again. */
    private void remember(Account account, long missingUnits, long now) {
        if (!refusalsOutdated && !settings.refusalMemory().isZero()) {
            Cell cell = ledger.cell(account);
            cell.refuse(missingUnits, now + settings.refusalMemory().toNanos());
            if (refusalsOutdated) {
                cell.forgetRefusal();
            }
        }
    }

    /**
     * Asks the others for what they do not use. The next exchange waits for it: what it finds then is the others' answer,
     * and not that they have not heard yet. A question that got lost is asked again by the next round.
     */
    private void recall(Set<Account> accounts) {
        if (accounts.isEmpty()) {
            return;
        }
        phase = Phase.RECALLING;
        asked(() -> authority.recall(journal.writer(), accounts))
                .whenComplete((done, failure) -> execute(() -> {
                    phase = Phase.IDLE;
                    if (failure != null) {
                        lastFailure = cause(failure);
                    }
                    run();
                }));
    }

    private Map<Account, Long> collectReturns(long now) {
        boolean due = scanDue || now - lastScanNanos >= IDLE_SCAN.toNanos();
        if (!due || deadline.ended() != null) {
            return Map.of();
        }
        scanDue = false;
        lastScanNanos = now;
        Map<Account, Long> returns = new HashMap<>();
        long idleNanos = settings.idleReturn().toNanos();
        for (Cell cell : ledger.allCells()) {
            boolean recalled = cell.isRecalled();
            if (recalled || cell.idleSince(now, idleNanos)) {
                long free = cell.takeAllFree();
                cell.answeredRecall();
                if (free > 0) {
                    // the balance grows by it
                    cell.forgetRefusal();
                }
                if (recalled || free > 0) {
                    // even nothing is an answer to a recall
                    returns.put(cell.account(), free);
                } else if (cell.retireIfEmpty()) {
                    ledger.forget(cell);
                }
            }
        }
        return returns;
    }

    private void writeUnwritten() {
        for (JournalEntry entry = unwritten.peek(); entry != null; entry = unwritten.peek()) {
            try {
                journal.append(entry);
            } catch (JournalFailure e) {
                lastFailure = e;
                return;
            }
            unwritten.remove();
            bookingDue = true;
            following.due();
        }
    }

    // ---- the follower ----

    /** Beside the exchanges: neither waits for the other. */
    private void follow(long now) {
        if (sealed || missing || !following.isDue(now)) {
            return;
        }
        asked(following::next)
                .whenComplete((upTo, failure) -> execute(() -> {
                    long answeredNanos = clock.nanoTime();
                    if (upTo == null) {
                        following.failed(cause(failure), answeredNanos);
                    } else if (following.stored(upTo, answeredNanos)) {
                        lastProgressNanos = answeredNanos;
                        discard();
                    }
                    run();
                }));
    }

    /** What is booked and stored is not read again. */
    private void discard() {
        journal.discardBefore(passedByAll());
    }

    private long passedByAll() {
        return Math.min(believedApplied, following.position());
    }

    // ---- leaving ----

    private void closeWriter() {
        // from here nothing is reserved, though a call that looked at the deadline before may still be under way
        deadline.end(CLOSING);
        phase = Phase.CLOSING;
        asked(() -> authority.beginClose(journal.writer()))
                .whenComplete((view, failure) -> execute(() -> {
                    if (view == null) {
                        phase = Phase.IDLE;
                        pause(failure);
                    } else if (wentBack(view)) {
                        // what is missing there now is booked first
                        phase = Phase.IDLE;
                        run();
                    } else {
                        missing |= view.state() == WriterState.MISSING;
                        finishClose();
                    }
                }));
    }

    private void finishClose() {
        asked(() -> authority.finishClose(journal.writer()))
                .whenComplete((done, failure) -> execute(() -> {
                    phase = Phase.IDLE;
                    if (failure != null) {
                        pause(failure);
                        return;
                    }
                    closed = true;
                    failures = 0;
                    bookingDue = true;
                    following.due();
                    seal();
                    endLeaving();
                    run();
                }));
    }

    /** With reservations that are still open the journal stays, and nobody waits for them; for the follower they do. */
    private void endLeaving() {
        if (missing && journal.hasEntriesFrom(believedApplied)) {
            left.completeExceptionally(new IllegalStateException("the authority does not know writer "
                    + journal.writer() + "; what it settled was not booked, its journal is kept"));
        } else if (sealed || missing || !following.isBehind()) {
            left.complete(null);
        }
    }

    /**
     * Deletes the journal when everything in it is booked and stored, and nobody can add to it. Reservations that are open when the
     * ledger is closed keep it: what they settle is booked as a late charge, by this teller or by the next recovery.
     */
    private void seal() {
        if (!isDrained()) {
            return;
        }
        sealed = true;
        // looked at again, now that whoever comes later sees the seal
        if (!isDrained()) {
            sealed = false;
            return;
        }
        try {
            journal.delete();
        } catch (JournalFailure e) {
            // it is booked to its end: the next recovery finds nothing to do but to delete what is left
            lastFailure = e;
        }
    }

    private boolean isDrained() {
        return !missing
                && ledger.openReservations() == 0
                && unwritten.isEmpty()
                && !journal.hasEntriesFrom(passedByAll());
    }

    private void giveUpLeaving(long now) {
        if (!leaving || left.isDone()) {
            return;
        }
        if (!leavingSeen) {
            leavingSeen = true;
            lastProgressNanos = now;
        }
        if (now - lastProgressNanos >= CLOSE_PATIENCE.toNanos()) {
            Throwable failed = closed ? following.lastFailure() : lastFailure;
            Throwable why = failed != null ? failed : new TimeoutException("no answer for " + CLOSE_PATIENCE);
            left.completeExceptionally(new ExchangeFailure(
                    closed
                            ? "writer " + journal.writer()
                                    + " is booked and closed, but not all that stands in its journal"
                                    + " could be stored; the journal is kept, and the rest stored when it is next opened"
                            : "the ledger of writer " + journal.writer()
                                    + " could not be closed; its journal is kept and booked when it is next opened",
                    true,
                    why));
        }
    }

    // ---- pauses and the thread ----

    private void pause(@Nullable Throwable failure) {
        lastFailure = cause(failure);
        long pause = Math.min(FIRST_PAUSE.toNanos() << Math.min(failures, 10), LONGEST_PAUSE.toNanos());
        failures++;
        pausedUntilNanos = clock.nanoTime() + pause;
        schedule(Duration.ofNanos(pause), this::run);
    }

    /** Wakes this task when a caller whose last try was in vain is due again, if that is not arranged already. */
    private void wakeForNextTry(long now) {
        OptionalLong next = phase == Phase.IDLE ? waiting.nanosToNextTry(now) : OptionalLong.empty();
        if (next.isEmpty()) {
            return;
        }
        // as a distance: the clock may pass its largest number in between
        long at = now + Math.max(next.getAsLong(), pausedUntilNanos - now);
        if (wakeAtNanos == Long.MAX_VALUE || at - wakeAtNanos < 0) {
            wakeAtNanos = at;
            schedule(Duration.ofNanos(Math.max(at - now, 0)), () -> {
                wakeAtNanos = Long.MAX_VALUE;
                run();
            });
        }
    }

    private static <T> CompletionStage<T> asked(Supplier<CompletionStage<T>> question) {
        try {
            return question.get();
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void execute(Runnable task) {
        try {
            thread.execute(() -> guarded(task));
        } catch (RejectedExecutionException e) {
            abandon(e);
        }
    }

    private void schedule(Duration delay, Runnable task) {
        try {
            // the task reports its failures itself
            var unused = thread.schedule(() -> guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            abandon(e);
        }
    }

    /** A mistake in here must neither vanish in a future that nobody reads nor go on spending. */
    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            deadline.end("the ledger failed: " + e);
            waiting.refuseAll("the ledger failed: " + e);
            Thread current = Thread.currentThread();
            current.getUncaughtExceptionHandler().uncaughtException(current, e);
        }
    }

    private void abandon(RejectedExecutionException why) {
        waiting.refuseAll("the teller's thread was shut down");
        left.completeExceptionally(why);
    }
}
