package io.newapi.core.quota;

import java.time.Duration;

/**
 * What cells are told to remember of refusals. A balance that was changed since it was asked for is asked for again.
 *
 * <p>{@link #outdate} may be called by any thread; everything else belongs to the teller's.
 */
final class RefusalMemory {

    private final LeasedLedger ledger;
    private final Duration time;
    private volatile boolean outdated;

    /** @param time for which one is remembered; zero where none is */
    RefusalMemory(LeasedLedger ledger, Duration time) {
        this.ledger = ledger;
        this.time = time;
    }

    /** The authority is asked now: what it refuses is as new as the balances. */
    void asking() {
        outdated = false;
    }

    /** Balances may have changed since the authority was asked. */
    void outdate() {
        outdated = true;
    }

    /** Remembers that so much beside what is free could not be had. */
    void remember(Account account, long missingUnits, long nowNanos) {
        if (outdated || time.isZero()) {
            return;
        }
        Cell cell = ledger.cell(account);
        cell.refuse(missingUnits, nowNanos + time.toNanos());
        // whoever changed a balance in between may have told the cell before it had anything to forget
        if (outdated) {
            cell.forgetRefusal();
        }
    }
}
