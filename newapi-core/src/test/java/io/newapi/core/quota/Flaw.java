package io.newapi.core.quota;

/** A mistake around the ledgers of a {@link LedgerSimulation}, or in how they are set up; it must be noticed. */
enum Flaw {
    /** None. */
    NONE(""),
    /** The follower stores rows and position in two transactions. */
    FOLLOWER_POSITION_APART("stored twice"),
    /** The follower says that something is stored before that is certain. */
    FOLLOWER_ANSWERS_TOO_EARLY("passed by all"),
    /** The ledger discards and deletes what the authority alone has passed. */
    LEDGER_WITHOUT_FOLLOWER("passed by all"),
    /** A recovery deletes a journal that the follower has not stored. */
    RECOVERY_WITHOUT_FOLLOWER("stored"),
    /** Nobody tells the ledger that balances have changed. */
    POKE_UNHEARD("from memory"),
    /** The ledger remembers refusals for longer than it should. */
    MEMORY_TOO_LONG("from memory"),
    /** The authority refuses though the balance suffices. */
    REFUSED_WITHOUT_REASON("though it was there"),
    /** An authority that went back books what it is sent, and does not miss what comes before. */
    GAP_BOOKED("how often it is booked"),
    /** An authority goes back to older positions, but not to older balances. */
    POSITIONS_GO_BACK_ALONE("booked twice"),
    /** A ledger does not see that its authority went back. */
    POSITION_HIDDEN("should have ended itself");

    private final String symptom;

    Flaw(String symptom) {
        this.symptom = symptom;
    }

    /** Part of the sentence in which it is noticed. */
    String symptom() {
        return symptom;
    }
}
