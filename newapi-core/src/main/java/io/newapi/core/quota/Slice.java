package io.newapi.core.quota;

import io.newapi.core.quota.QuotaAuthority.Shortfall;

/** How much of a balance is leased to a writer that is short of it: the whole adaptive sizing is one formula. */
public final class Slice {

    private static final int AHEAD = 4;

    private Slice() {}

    /**
     * The shortfall itself when quota is tight; otherwise four times as much, or what the writer spent lately if
     * that is more, but beyond the shortfall never more than half of a fair share of the balance.
     *
     * @param shortfall what is needed, with the writer's recent spending
     * @param balance what the account has; at least the shortfall
     * @param openWriters how many writers may share the account, at least 1
     * @return units to lease, from the shortfall up to the balance
     */
    public static long size(Shortfall shortfall, long balance, int openWriters) {
        long needed = shortfall.units();
        if (needed == 0 || shortfall.tight()) {
            return needed;
        }
        long ahead = needed > Long.MAX_VALUE / AHEAD ? Long.MAX_VALUE : needed * AHEAD;
        long wish = Math.min(Math.max(ahead, shortfall.recentlySpentUnits()), balance / (2L * openWriters));
        return Math.min(Math.max(needed, wish), balance);
    }
}
