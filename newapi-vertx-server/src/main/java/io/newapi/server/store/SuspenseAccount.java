package io.newapi.server.store;

import io.newapi.core.quota.Account;
import io.newapi.core.quota.WriterId;
import io.newapi.server.store.LedgerTables.Suspense;
import java.time.Instant;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what found no row to be booked on, so that the books still add up. Normally it is never used. */
final class SuspenseAccount {

    private static final Logger LOG = LoggerFactory.getLogger(SuspenseAccount.class);

    private final DSLContext context;
    private final Instant now;

    SuspenseAccount(DSLContext context, Instant now) {
        this.context = context;
        this.now = now;
    }

    /** @param units what the missing balance would have changed by; a charge is negative */
    void book(WriterId writer, Account account, long units, String reason) {
        LOG.error("{} quota units are in suspense: {}", units, reason);
        context.insertInto(Suspense.TABLE)
                .set(Suspense.WRITER_ID, writer.hex())
                .set(Suspense.KIND, account.kind().code())
                .set(Suspense.ACCOUNT_ID, account.id())
                .set(Suspense.AMOUNT, units)
                .set(Suspense.REASON, reason)
                .set(Suspense.CREATED_AT, now.getEpochSecond())
                .execute();
    }
}
