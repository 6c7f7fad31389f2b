package io.newapi.core.quota;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/** What lay idle in the balances after each of their changes, in the order of all that happened. For one thread. */
final class BalanceHistory {

    private record Change(int moment, Map<Account, Long> idle) {}

    private final List<Change> changes = new ArrayList<>();
    private int moment;

    /** A moment behind all that has happened so far. */
    int now() {
        return ++moment;
    }

    /** @param idle what is in a balance beside what is leased from it */
    void changed(Set<Account> accounts, ToLongFunction<Account> idle) {
        Map<Account, Long> units = new HashMap<>();
        accounts.forEach(account -> units.put(account, idle.applyAsLong(account)));
        changes.add(new Change(now(), units));
    }

    /** Whether an account had, after some change behind a moment, less than so much. */
    boolean hadLessThan(long units, Account account, int since) {
        for (int i = changes.size() - 1; i >= 0 && changes.get(i).moment() > since; i--) {
            if (changes.get(i).idle().getOrDefault(account, 0L) < units) {
                return true;
            }
        }
        return false;
    }
}
