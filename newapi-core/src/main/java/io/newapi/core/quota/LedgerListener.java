package io.newapi.core.quota;

import java.util.Set;

/**
 * Told what happens in a {@link LeasedLedger}, for metrics and logs. Everything is optional: a method that is not
 * overridden costs nothing.
 *
 * <p>Called by the thread on which the thing happens, by several at once:
 *
 * <ul>
 *   <li>{@link #reserved} and {@link #refused} on the thread that reserves, where the answer is known without the
 *       authority; otherwise on the teller's thread.
 *   <li>{@link #settled} and {@link #released} on the thread that ends the reservation. That is the teller's thread where it
 *       releases what a caller who is gone did not take.
 *   <li>Everything else on the teller's thread.
 *   <li>When the teller's executor was shut down before the ledger was closed, those who still wait are {@link #refused}
 *       on whichever thread finds that out: one that reserves, settles, releases, pokes or closes, or one of the
 *       authority's or the follower's.
 * </ul>
 *
 * <p>So implementations are thread-safe and return at once: a listener that blocks holds up a call, or every exchange.
 * Nothing is allocated to call it on the path of a call that is served from memory.
 *
 * <p>A listener cannot hurt the ledger: a {@link RuntimeException} that it throws goes to the thread's handler of uncaught
 * exceptions and nowhere else. What it is told is not a book: the authority's is.
 */
public interface LedgerListener {

    /** How an exchange ended. */
    enum ExchangeOutcome {
        /** It was committed. */
        APPLIED,
        /** Nothing was changed; it will be repeated. */
        NOT_APPLIED,
        /** It may have been committed: the authority will be asked, see {@link LedgerListener#resynced}. */
        IN_DOUBT
    }

    /**
     * A reservation was opened. Exactly one {@link #settled} or {@link #released} follows, and none comes without it: the
     * difference is the number of {@link LeasedLedger#openReservations}.
     *
     * @param units what is held; 0 for a reservation that was not checked, otherwise at least 1
     */
    default void reserved(Payer payer, long units) {}

    /**
     * A call is refused; its caller is answered next.
     *
     * @param refusal why; never {@link ReserveOutcome.Reserved}
     */
    default void refused(Payer payer, ReserveOutcome refusal) {}

    /**
     * A call was charged. The charge may exceed what was held: the difference is an overage, and is charged too.
     *
     * @param heldUnits what was held; 0 for a reservation that was not checked
     * @param settlement the charge, already journalled
     */
    default void settled(Payer payer, long heldUnits, Settlement settlement) {}

    /**
     * A call ended without a charge.
     *
     * @param units what was held and is given back; 0 for a reservation that was not checked
     */
    default void released(Payer payer, long units) {}

    /**
     * An exchange with the authority ended.
     *
     * @param nanos how long it took, in nanoseconds
     * @param entries how many settlements it was to book, from 0
     */
    default void exchanged(long nanos, int entries, ExchangeOutcome outcome) {}

    /**
     * The authority was asked what is booked, after an exchange in doubt.
     *
     * @param answered whether it said so; otherwise it is asked again after a pause
     */
    default void resynced(boolean answered) {}

    /** Others need what is idle here of these accounts; the next exchange returns it. */
    default void recalled(Set<Account> accounts) {}

    /**
     * The ledger will reserve nothing more: it is closing, was closed by others, or failed. Said once.
     *
     * @param reason for the operator; never secret
     */
    default void ended(String reason) {}

    /** Takes no notice. */
    static LedgerListener none() {
        return ContainedListener.NONE;
    }
}
