package io.newapi.core.quota;

import io.newapi.core.quota.LedgerListener.ExchangeOutcome;
import io.newapi.core.quota.QuotaAuthority.Answer;
import io.newapi.core.quota.QuotaAuthority.Exchange;
import io.newapi.core.quota.QuotaAuthority.ExchangeFailure;
import io.newapi.core.quota.QuotaAuthority.GrantRequest;
import io.newapi.core.quota.QuotaAuthority.View;
import io.newapi.core.quota.QuotaAuthority.WriterState;
import io.newapi.core.quota.ReserveOutcome.Unavailable;
import io.newapi.core.quota.WaitingCallers.Caller;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
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
 *
 * <p>What it says and hears is kept by others: {@link Booking} knows what is to be booked, {@link Slices} what to ask for
 * and to return, {@link WaitingCallers} for whom, and {@link Leaving} how it ends. {@link #ask}, {@link #record}, {@link
 * #refusal}, {@link #isSealed}, {@link #somethingCameBack}, {@link #poke} and {@link #leave} may be called by any thread.
 */
final class Teller {

    private static final int MAX_REQUESTS = 500;
    private static final int RETRY_AFTER_SECONDS = 2;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final String CLOSING = "the ledger is closing";

    private enum Phase {
        IDLE,
        SENT,
        UNKNOWN,
        RECALLING,
        CLOSING
    }

    private final LedgerListener listener;
    private final QuotaAuthority authority;
    private final UsageJournal journal;
    private final LedgerClock clock;
    private final LeaseDeadline deadline;
    private final LedgerSettings settings;

    private final TellerThread thread;
    private final Wakeups wakeups;
    private final WaitingCallers waiting;
    private final RefusalMemory refusals;
    private final Slices slices;
    private final Following following;
    private final Booking booking;
    private final Leaving leaving;
    private final GrowingPause pause;

    private volatile boolean poked;
    private Phase phase = Phase.IDLE;
    private long lastExchangeNanos;

    /** @param follower stores what is settled a second time; null if nobody does */
    Teller(
            LeasedLedger ledger,
            QuotaAuthority authority,
            UsageJournal journal,
            LedgerClock clock,
            LeaseDeadline deadline,
            ScheduledExecutorService executor,
            LedgerSettings settings,
            @Nullable JournalFollower follower) {
        long now = clock.nanoTime();
        this.listener = ledger.listener();
        this.authority = authority;
        this.journal = journal;
        this.clock = clock;
        this.deadline = deadline;
        this.settings = settings;
        this.thread = new TellerThread(executor, this::failed, this::abandoned);
        this.wakeups = new Wakeups(thread, settings, this::run, this::runToBook);
        this.refusals = new RefusalMemory(ledger, settings.refusalMemory());
        this.waiting = new WaitingCallers(ledger, refusals);
        this.slices = new Slices(ledger, settings.idleReturn(), now);
        this.following = new Following(follower, journal, now);
        this.booking = new Booking(journal, following);
        this.leaving = new Leaving(ledger, journal, booking, following);
        this.pause = new GrowingPause(FIRST_PAUSE, LONGEST_PAUSE, now);
        this.lastExchangeNanos = now;
    }

    void start() {
        journal.prepareRoom();
        wakeups.regularly(leaving::isSealed);
    }

    CompletionStage<ReserveOutcome> ask(Payer payer, long units) {
        CompletableFuture<ReserveOutcome> outcome = waiting.add(payer, units, clock.nanoTime(), settings.patience());
        wakeups.now();
        return outcome;
    }

    void record(JournalEntry entry) {
        booking.record(entry);
        wakeups.toBook();
    }

    /** Why nothing can be reserved at all now; null if it can. */
    @Nullable
    Unavailable refusal() {
        String reason = leaving.isUnderWay() ? CLOSING : deadline.ended();
        if (reason == null) {
            reason = booking.obstacle();
        }
        return reason == null ? null : new Unavailable(reason, RETRY_AFTER_SECONDS);
    }

    /** Whether the journal was deleted, so that nothing can be settled any more. */
    boolean isSealed() {
        return leaving.isSealed();
    }

    /** Somebody who waits may be served from what a call gave back. */
    void somethingCameBack() {
        if (!waiting.isEmpty()) {
            wakeups.now();
        }
    }

    void poke() {
        poked = true;
        refusals.outdate();
        wakeups.now();
    }

    CompletionStage<Void> leave() {
        leaving.begin();
        wakeups.now();
        return leaving.end();
    }

    private void runToBook() {
        booking.written();
        run();
    }

    private void run() {
        long now = clock.nanoTime();
        if (!leaving.isSealed()) {
            tendJournal();
        }
        attendCallers(now);
        leaving.giveUpWithoutProgress(now);
        if (phase == Phase.IDLE && !leaving.isSealed() && pause.isOver(now)) {
            takeNextStep(now);
        }
        follow(now);
        if (phase == Phase.IDLE) {
            waiting.nanosToNextTry(now)
                    .ifPresent(nanos -> wakeups.forNextTry(now, Math.max(nanos, pause.nanosLeft(now))));
        }
    }

    private void tendJournal() {
        try {
            booking.writeUnwritten();
        } catch (JournalFailure e) {
            leaving.hinderedBy(e);
        }
        journal.prepareRoom();
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
        waiting.attend(now, phase == Phase.SENT || (phase == Phase.IDLE && pause.isOver(now)));
    }

    private void takeNextStep(long now) {
        boolean open = deadline.ended() == null;
        List<Caller> callers = waiting.due(now, MAX_REQUESTS);
        Map<Account, Long> returns = open ? slices.takeReturns(now) : Map.of();
        boolean heartbeat = open
                && (poked || now - lastExchangeNanos >= settings.heartbeat().toNanos());
        boolean worthAnExchange = heartbeat || !callers.isEmpty() || !returns.isEmpty();
        UsageJournal.Page page = booking.next(worthAnExchange || leaving.isUnderWay());
        if (worthAnExchange || !page.entries().isEmpty()) {
            poked = false;
            send(page, callers, returns, now);
        } else if (leaving.isUnderWay() && waiting.isEmpty() && booking.isWritten()) {
            if (leaving.isClosed()) {
                leaving.finish();
            } else {
                closeWriter();
            }
        }
    }

    private void send(UsageJournal.Page page, List<Caller> callers, Map<Account, Long> returns, long now) {
        boolean tight = leaving.isUnderWay();
        List<GrantRequest> requests = callers.stream()
                .map(caller -> slices.request(caller, tight, now))
                .toList();
        Exchange exchange = new Exchange(
                journal.writer(),
                booking.position(),
                page.entries(),
                page.positions(),
                returns,
                requests,
                Sent.touched(page, callers, returns));
        Sent sent = new Sent(exchange, callers, now, clock.wallMillis());
        phase = Phase.SENT;
        WaitingCallers.asking(callers, true);
        refusals.asking();
        thread.ask(() -> authority.exchange(exchange), (answer, failure) -> answered(sent, answer, failure));
    }

    private void answered(Sent sent, @Nullable Answer answer, @Nullable Throwable failure) {
        ExchangeOutcome outcome = outcome(answer, failure);
        WaitingCallers.asking(sent.callers(), false);
        listener.exchanged(
                clock.nanoTime() - sent.sentNanos(), sent.exchange().entries().size(), outcome);
        if (answer != null) {
            phase = Phase.IDLE;
            pause.succeeded();
            applied(sent, answer);
            run();
        } else if (outcome == ExchangeOutcome.IN_DOUBT) {
            phase = Phase.UNKNOWN;
            resync(sent);
        } else {
            phase = Phase.IDLE;
            booking.again();
            slices.keep(sent.exchange().returns());
            pauseAfter(failure);
            run();
        }
    }

    private static ExchangeOutcome outcome(@Nullable Answer answer, @Nullable Throwable failure) {
        if (answer != null) {
            return ExchangeOutcome.APPLIED;
        }
        return failure instanceof ExchangeFailure known && !known.mayHaveHappened()
                ? ExchangeOutcome.NOT_APPLIED
                : ExchangeOutcome.IN_DOUBT;
    }

    private void resync(Sent sent) {
        thread.ask(() -> authority.resync(journal.writer(), sent.exchange().touched()), (view, failure) -> {
            listener.resynced(view != null);
            if (view == null) {
                thread.executeAfter(pauseAfter(failure), () -> resync(sent));
                run();
                return;
            }
            phase = Phase.IDLE;
            booking.again();
            pause.succeeded();
            if (!wentBack(view)) {
                correct(sent, view);
            }
            run();
        });
    }

    private void applied(Sent sent, Answer answer) {
        long now = clock.nanoTime();
        lastExchangeNanos = sent.sentNanos();
        leaving.progressed(now);
        if (wentBack(answer.view())) {
            return;
        }
        correct(sent, answer.view());
        WriterState state = answer.view().state();
        if (state == WriterState.OPEN) {
            deadline.extend(sent.sentNanos(), sent.sentMillis());
            if (!answer.recalled().isEmpty()) {
                slices.recalled(answer.recalled(), now);
                listener.recalled(answer.recalled());
            }
            recall(waiting.answer(sent, answer.verdicts(), clock.nanoTime()));
        } else {
            booking.forgotten(state == WriterState.MISSING);
            deadline.end(
                    booking.isForgotten()
                            ? "the authority does not know this ledger"
                            : "this ledger was closed by another");
        }
        if (!booking.isForgotten() && !sent.isBookedAt(answer.view().appliedPosition())) {
            booking.again();
            pauseAfter(new IllegalStateException("the authority booked only up to position " + booking.position()));
        }
    }

    /** After an authority went back to an older state, what memory holds is worth nothing: this ledger ends. */
    private boolean wentBack(View view) {
        boolean back = booking.wentBack(view);
        if (back) {
            deadline.end("the authority went back to an older state");
        }
        return back;
    }

    /** Memory follows the authority. */
    private void correct(Sent sent, View view) {
        slices.correct(sent, view, clock.nanoTime());
        booking.booked(view.appliedPosition());
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
        thread.ask(() -> authority.recall(journal.writer(), accounts), (done, failure) -> {
            phase = Phase.IDLE;
            if (failure != null) {
                leaving.hinderedBy(failure);
            }
            run();
        });
    }

    /** Beside the exchanges: neither waits for the other. */
    private void follow(long now) {
        if (leaving.isSealed() || booking.isForgotten() || !following.isDue(now)) {
            return;
        }
        thread.ask(following::next, (upTo, failure) -> {
            long answeredNanos = clock.nanoTime();
            if (upTo == null) {
                following.failed(failure, answeredNanos);
            } else if (following.stored(upTo, answeredNanos)) {
                leaving.progressed(answeredNanos);
                booking.discard();
            }
            run();
        });
    }

    private void closeWriter() {
        // from here nothing is reserved, though a call that looked at the deadline before may still be under way
        deadline.end(CLOSING);
        phase = Phase.CLOSING;
        thread.ask(() -> authority.beginClose(journal.writer()), (view, failure) -> {
            if (view == null) {
                phase = Phase.IDLE;
                pauseAfter(failure);
            } else if (wentBack(view)) {
                // what is missing there now is booked first
                phase = Phase.IDLE;
                run();
            } else {
                booking.forgotten(booking.isForgotten() || view.state() == WriterState.MISSING);
                finishClose();
            }
        });
    }

    private void finishClose() {
        thread.ask(() -> authority.finishClose(journal.writer()), (done, failure) -> {
            phase = Phase.IDLE;
            if (failure != null) {
                pauseAfter(failure);
                return;
            }
            pause.succeeded();
            booking.written();
            leaving.closed();
            leaving.finish();
            run();
        });
    }

    private Duration pauseAfter(@Nullable Throwable failure) {
        leaving.hinderedBy(failure);
        Duration lasting = pause.begin(clock.nanoTime());
        wakeups.after(lasting);
        return lasting;
    }

    /** A mistake in here must not go on spending. */
    private void failed(Throwable mistake) {
        deadline.end("the ledger failed: " + mistake);
        waiting.refuseAll("the ledger failed: " + mistake);
    }

    private void abandoned(RejectedExecutionException why) {
        waiting.refuseAll("the teller's thread was shut down");
        leaving.fail(why);
    }
}
