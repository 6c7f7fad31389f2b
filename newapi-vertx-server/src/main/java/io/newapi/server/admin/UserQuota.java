package io.newapi.server.admin;

import io.newapi.server.store.AccountKind;
import io.newapi.server.store.BalanceChange;
import io.newapi.server.store.BalanceStore;
import io.newapi.server.store.LogRow;
import io.newapi.server.store.LogStore;
import io.newapi.server.store.LogType;
import io.newapi.server.store.UserRow;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Administrators' changes of a user's quota: always as a difference, with a row in the user's log. Called inside a transaction.
 */
final class UserQuota {

    /** Two thousand million dollars at the usual price of a unit; larger sums are slips of the keyboard. */
    private static final long MAX_UNITS = 1_000_000_000_000_000L;

    private final BalanceStore balances;
    private final LogStore logs;
    private final InstantSource clock;

    UserQuota(BalanceStore balances, LogStore logs, InstantSource clock) {
        this.balances = balances;
        this.logs = logs;
        this.clock = clock;
    }

    /** Adds, or takes when negative; whether anything changed. */
    boolean add(AdminCall call, UserRow user, long units) {
        requireReasonable(units);
        String reason = "changed by " + call.actor().username();
        return apply(
                call,
                user,
                () -> balances.credit(
                        AccountKind.USER, user.id(), units, call.actor().id(), reason));
    }

    /** Makes the total {@code units} now; whether anything changed. */
    boolean set(AdminCall call, UserRow user, long units) {
        requireReasonable(units);
        String reason = "set by " + call.actor().username();
        return apply(
                call,
                user,
                () -> balances.setTotal(
                        AccountKind.USER, user.id(), units, call.actor().id(), reason));
    }

    private boolean apply(AdminCall call, UserRow user, Supplier<Optional<BalanceChange>> change) {
        BalanceChange done = change.get().orElseThrow(() -> Refused.because(Message.USER_NOT_FOUND));
        if (done.amount() == 0) {
            return false;
        }
        logs.append(LogRow.remark(
                LogType.MANAGE,
                user.id(),
                user.username(),
                clock.instant().getEpochSecond(),
                "Administrator " + call.actor().username() + " changed the quota from " + done.before() + " to "
                        + done.after()));
        return true;
    }

    private static void requireReasonable(long units) {
        if (units > MAX_UNITS || units < -MAX_UNITS) {
            throw Refused.because(Message.QUOTA_INVALID, units);
        }
    }
}
