package io.newapi.server.store;

import io.newapi.core.quota.JournalEntry;
import io.newapi.core.quota.Payer;
import io.newapi.core.quota.Quota;
import io.newapi.core.quota.Settlement;
import io.newapi.server.log.ConsumeLogEntry;

/** Settled calls of user 1 through token 11 and channel 5, with their log rows. */
final class LoggedCall {

    static final Payer PAYER = Payer.limitedToken(1, 11);

    private LoggedCall() {}

    static JournalEntry of(String id, long quota) {
        return of(id, quota, "ada", true);
    }

    /** @param written whether a row is wanted */
    static JournalEntry of(String id, long quota, String username, boolean written) {
        ConsumeLogEntry log = new ConsumeLogEntry(
                TestDatabase.NOW_SECONDS,
                username,
                "laptop",
                "m",
                quota,
                3,
                true,
                "vip",
                "10.0.0.1",
                "a note",
                "{\"frt\":5}",
                id,
                "up-" + id,
                1,
                11,
                5,
                20,
                10,
                written,
                true);
        return new JournalEntry(
                PAYER, new Settlement(id, Quota.of(quota), 5, 1, 20, 10, TestDatabase.NOW_SECONDS, log.toJson()));
    }

    /** With a row that nobody can read. */
    static JournalEntry broken(String id, long quota) {
        return new JournalEntry(PAYER, new Settlement(id, Quota.of(quota), 5, 1, 20, 10, 1, "{broken"));
    }
}
