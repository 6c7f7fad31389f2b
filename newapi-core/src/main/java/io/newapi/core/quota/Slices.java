package io.newapi.core.quota;

import io.newapi.core.quota.QuotaAuthority.GrantRequest;
import io.newapi.core.quota.QuotaAuthority.Shortfall;
import io.newapi.core.quota.QuotaAuthority.View;
import io.newapi.core.quota.WaitingCallers.Caller;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The slices of a ledger as its teller moves them: what is short is asked for, what idles or is recalled goes back, and
 * memory follows what the authority says. For the teller's thread.
 */
final class Slices {

    private static final Duration IDLE_SCAN = Duration.ofSeconds(1);
    private static final Duration TIGHT = Duration.ofSeconds(5);
    private static final Duration SPENDING_WINDOW = Duration.ofSeconds(15);

    private final LeasedLedger ledger;
    private final Duration idleReturn;
    private long lastScanNanos;
    private boolean scanDue;

    /** @param idleReturn after how long without use one is given back */
    Slices(LeasedLedger ledger, Duration idleReturn, long nowNanos) {
        this.ledger = ledger;
        this.idleReturn = idleReturn;
        this.lastScanNanos = nowNanos;
    }

    /**
     * What is asked for a caller.
     *
     * @param leaving whether the ledger is, and therefore takes nothing beyond the need
     */
    GrantRequest request(Caller caller, boolean leaving, long nowNanos) {
        Payer payer = caller.payer();
        return new GrantRequest(
                shortfall(payer.userAccount(), caller, leaving, nowNanos),
                payer.limitAccount().map(limit -> shortfall(limit, caller, leaving, nowNanos)));
    }

    private Shortfall shortfall(Account account, Caller caller, boolean leaving, long nowNanos) {
        Cell cell = ledger.cell(account);
        long spent = cell.recentlySpent(nowNanos, SPENDING_WINDOW.toNanos());
        boolean tight = cell.isTight(nowNanos) || leaving || caller.triedInVain();
        return new Shortfall(account, cell.missing(caller.units()), spent, tight);
    }

    /** The one formula for every way in which an exchange can have ended. */
    void correct(Sent sent, View view, long nowNanos) {
        Map<Account, Long> returns = sent.exchange().returns();
        Map<Account, Long> booked = sent.unitsBookedBefore(view.appliedPosition());
        for (Account account : sent.exchange().touched()) {
            Cell cell = ledger.cell(account);
            long units = booked.getOrDefault(account, 0L);
            cell.correct(view.heldOf(account), returns.getOrDefault(account, 0L), units);
            cell.spent(units, nowNanos, SPENDING_WINDOW.toNanos());
        }
    }

    /** An exchange did not take place: what it was to return is still here. */
    void keep(Map<Account, Long> returns) {
        returns.forEach(ledger::adjust);
    }

    /** Others need what is idle of these: the next returns are theirs. */
    void recalled(Set<Account> accounts, long nowNanos) {
        long tightUntil = nowNanos + TIGHT.toNanos();
        accounts.forEach(account -> ledger.cell(account).recall(tightUntil));
        scanDue |= !accounts.isEmpty();
    }

    /** Takes out what is to be returned now. */
    Map<Account, Long> takeReturns(long nowNanos) {
        if (!scanDue && nowNanos - lastScanNanos < IDLE_SCAN.toNanos()) {
            return Map.of();
        }
        scanDue = false;
        lastScanNanos = nowNanos;
        Map<Account, Long> returns = new HashMap<>();
        for (Cell cell : ledger.allCells()) {
            boolean recalled = cell.isRecalled();
            if (recalled || cell.idleSince(nowNanos, idleReturn.toNanos())) {
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
}
