package io.newapi.core.quota;

import io.newapi.core.quota.QuotaAuthority.Verdict;
import io.newapi.core.quota.ReserveOutcome.Insufficient;
import io.newapi.core.quota.ReserveOutcome.Reserved;
import io.newapi.core.quota.ReserveOutcome.Unavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Those who wait for quota, in the order in which they came. A caller keeps its place, whatever becomes of the exchange
 * that asks for it, until it is served, refused, out of patience, or gone.
 *
 * <p>Callers may be added and refused by any thread; everything else belongs to the teller's.
 */
final class WaitingCallers {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(200);
    private static final int RETRY_AFTER_SECONDS = 2;
    private static final int RECALL_ROUNDS = 3;

    /** How many times the patience a caller waits at most, while an exchange that may help is under way. */
    private static final int LONGEST_WAIT = 3;

    /** One who waits. */
    static final class Caller {
        private final Payer payer;
        private final long units;
        private final long patienceNanos;
        private final long lastNanos;
        private final LedgerListener listener;
        private final AtomicBoolean told = new AtomicBoolean();
        private final CompletableFuture<ReserveOutcome> outcome = new CompletableFuture<>();
        private long deadlineNanos;
        private long nextTryNanos;
        private int tries;
        private int recalls;
        private boolean asking;

        private Caller(Payer payer, long units, long nowNanos, Duration patience, LedgerListener listener) {
            this.listener = listener;
            this.payer = payer;
            this.units = units;
            this.patienceNanos = patience.toNanos();
            this.deadlineNanos = nowNanos + patienceNanos;
            this.lastNanos = nowNanos + patience.multipliedBy(LONGEST_WAIT).toNanos();
            this.nextTryNanos = nowNanos;
        }

        Payer payer() {
            return payer;
        }

        long units() {
            return units;
        }

        /** Whether it was asked for in vain: then nothing beyond its need is taken any more. */
        boolean triedInVain() {
            return tries > 1;
        }

        /** Whether others were asked so often that what has not come back is in use. */
        boolean wasRecalledFor() {
            return recalls >= RECALL_ROUNDS;
        }

        /** Notes that others are asked on its behalf. */
        void recalling() {
            recalls++;
        }

        boolean isGone() {
            return outcome.isDone();
        }

        /**
         * Whether it is told to come again. Patience is for quota that others hold, from when that is known: a caller whose
         * own question is being answered, or has had no turn yet, is not sent away because the authority is far.
         *
         * @param answering whether an exchange is under way, or may begin, as far as is known
         */
        private boolean isOutOfPatience(long nowNanos, boolean answering) {
            boolean mayHear = answering && (asking || tries == 0);
            return nowNanos - lastNanos >= 0 || (!mayHear && nowNanos - deadlineNanos >= 0);
        }

        void refuse(ReserveOutcome refusal) {
            if (!isGone() && told.compareAndSet(false, true)) {
                listener.refused(payer, refusal);
            }
            outcome.complete(refusal);
        }

        /**
         * An exchange did not help, but another may. The first repetition follows at once, since somebody else may
         * just have been quicker; then with growing pauses, so that quota which is out of reach costs few exchanges.
         */
        void postpone(long nowNanos) {
            long pause = FIRST_PAUSE.toNanos() << Math.min(Math.max(tries - 1, 0), 10);
            if (tries == 0) {
                deadlineNanos = nowNanos + patienceNanos;
            }
            nextTryNanos = tries == 0 ? nowNanos : nowNanos + Math.min(pause, LONGEST_PAUSE.toNanos());
            tries++;
        }
    }

    private final LeasedLedger ledger;
    private final RefusalMemory refusals;
    private final Queue<Caller> callers = new ConcurrentLinkedQueue<>();

    WaitingCallers(LeasedLedger ledger, RefusalMemory refusals) {
        this.ledger = ledger;
        this.refusals = refusals;
    }

    CompletableFuture<ReserveOutcome> add(Payer payer, long units, long nowNanos, Duration patience) {
        Caller caller = new Caller(payer, units, nowNanos, patience, ledger.listener());
        callers.add(caller);
        return caller.outcome;
    }

    boolean isEmpty() {
        return callers.isEmpty();
    }

    /** Ends the wait of all, whoever runs their exchange. */
    void refuseAll(String reason) {
        for (Caller caller = callers.poll(); caller != null; caller = callers.poll()) {
            caller.refuse(new Unavailable(reason, RETRY_AFTER_SECONDS));
        }
    }

    /**
     * Serves whom the slices at hand suffice for, and tells those whose patience is over.
     *
     * @param answering whether an exchange is under way, or may begin, as far as is known
     */
    void attend(long nowNanos, boolean answering) {
        for (Iterator<Caller> all = callers.iterator(); all.hasNext(); ) {
            Caller caller = all.next();
            if (caller.isGone() || serve(caller)) {
                all.remove();
            } else if (caller.isOutOfPatience(nowNanos, answering)) {
                caller.refuse(new Unavailable("the balance cannot be reached now", RETRY_AFTER_SECONDS));
                all.remove();
            }
        }
    }

    /** Reserves for a caller if the slices at hand suffice; what a caller who is gone cannot take goes back. */
    private boolean serve(Caller caller) {
        Reservation reservation = ledger.tryReserve(caller.payer, caller.units);
        if (reservation == null) {
            return false;
        }
        if (!caller.outcome.complete(new Reserved(reservation))) {
            reservation.release();
        }
        return true;
    }

    /**
     * Serves or refuses those for whom an exchange was made; who is neither is tried again.
     *
     * @return the accounts for which others are to be asked
     */
    Set<Account> answer(Sent sent, List<Verdict> verdicts, long nowNanos) {
        Set<Account> wanted = new HashSet<>();
        for (int i = 0; i < sent.callers().size(); i++) {
            Caller caller = sent.callers().get(i);
            if (caller.isGone() || serve(caller)) {
                continue;
            }
            ReserveOutcome refusal = sent.refusalOf(
                    i, verdicts.get(i), (account, units) -> ledger.cell(account).missing(units));
            if (refusal != null) {
                if (refusal instanceof Insufficient known) {
                    refusals.remember(known.account(), sent.asked(i, known.account()), nowNanos);
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
            caller.postpone(nowNanos);
        }
        return wanted;
    }

    /** Notes that the authority is being asked for them, or no longer is. */
    static void asking(List<Caller> callers, boolean underWay) {
        callers.forEach(caller -> caller.asking = underWay);
    }

    /** Those for whom the authority is to be asked now. */
    List<Caller> due(long nowNanos, int limit) {
        List<Caller> due = new ArrayList<>();
        for (Caller caller : callers) {
            if (due.size() == limit) {
                break;
            }
            if (!caller.isGone() && nowNanos - caller.nextTryNanos >= 0) {
                due.add(caller);
            }
        }
        return due;
    }

    /** Lets every caller be asked for at once: something has changed. */
    void hurry(long nowNanos) {
        callers.forEach(caller -> caller.nextTryNanos = nowNanos);
    }

    /** How long until the next of them is due; empty when nobody waits. */
    OptionalLong nanosToNextTry(long nowNanos) {
        return callers.stream()
                .filter(caller -> !caller.isGone())
                .mapToLong(caller -> Math.max(0, caller.nextTryNanos - nowNanos))
                .min();
    }
}
