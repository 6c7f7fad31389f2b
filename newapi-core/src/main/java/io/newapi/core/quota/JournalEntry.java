package io.newapi.core.quota;

/**
 * A settlement as it stands in a journal.
 *
 * @param payer who pays, as it was when the quota was reserved
 * @param settlement what is charged
 */
public record JournalEntry(Payer payer, Settlement settlement) {

    /** The charge, in quota units. */
    public long units() {
        return settlement.charge().units();
    }
}
