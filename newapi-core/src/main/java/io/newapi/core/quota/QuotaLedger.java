package io.newapi.core.quota;

import java.util.concurrent.CompletionStage;

/**
 * Holds quota for calls that are under way, and charges what they really used.
 *
 * <p>Every successful {@link #reserve} ends in exactly one settlement or release, whoever closes it first. A user's
 * balance and a token's limit are taken together or not at all. Thread-safe.
 */
public interface QuotaLedger {

    /**
     * Holds {@code amount} for a call; a zero amount holds 1 unit, so that an empty account is refused.
     *
     * @return completed at once when the quota is at hand, otherwise after the authority was asked; never fails
     *     because of a missing balance
     */
    CompletionStage<ReserveOutcome> reserve(Payer payer, Quota amount);

    /**
     * A reservation of nothing: no balance is asked, and whatever is settled on it is charged in full. For calls that
     * are free by configuration.
     */
    Reservation unchecked(Payer payer);

    /**
     * Stops reserving, books everything that was settled, and gives back what is leased. Reservations that are still
     * open stay valid: what they settle is journalled, and booked later, at the latest when the journal is next opened.
     *
     * @return fails when that was not possible in reasonable time; then nothing is lost but booked when the journal is
     *     next opened
     */
    CompletionStage<Void> close();
}
