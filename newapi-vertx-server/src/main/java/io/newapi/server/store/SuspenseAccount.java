package io.newapi.server.store;

import io.newapi.core.quota.Account;
import io.newapi.core.quota.WriterId;
import io.newapi.server.store.LedgerTables.Suspense;
import java.time.Instant;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what found no row to be booked on, or does not fit into it, so that the books still add up. Normally it is never
 * used. Gives the statements, which are still to be executed.
 */
final class SuspenseAccount {

    private static final Logger LOG = LoggerFactory.getLogger(SuspenseAccount.class);

    private final DSLContext context;
    private final Instant now;

    SuspenseAccount(DSLContext context, Instant now) {
        this.context = context;
        this.now = now;
    }

    /** @param units what the missing balance would have changed by; a charge is negative */
    Query book(WriterId writer, Account account, long units, String reason) {
        return book(writer, account.kind().code(), account.id(), units, reason);
    }

    /** The same for what a channel has used; it has no balance. */
    Query bookChannel(WriterId writer, long channelId, long units, String reason) {
        return book(writer, BookKind.CHANNEL.code(), channelId, units, reason);
    }

    private Query book(WriterId writer, int kind, long accountId, long units, String reason) {
        LOG.error("{} quota units are in suspense: {}", units, reason);
        return context.insertInto(Suspense.TABLE)
                .set(Suspense.WRITER_ID, writer.hex())
                .set(Suspense.KIND, kind)
                .set(Suspense.ACCOUNT_ID, accountId)
                .set(Suspense.AMOUNT, units)
                .set(Suspense.REASON, reason)
                .set(Suspense.CREATED_AT, now.getEpochSecond());
    }
}
