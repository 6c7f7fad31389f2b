package io.newapi.server.store;

import io.newapi.core.quota.JournalEntry;
import io.newapi.core.quota.JournalFollower;
import io.newapi.core.quota.UsageJournal;
import io.newapi.core.quota.WriterId;
import io.newapi.server.log.ConsumeLogEntry;
import io.newapi.server.store.ConsumeLogs.Rows;
import io.newapi.server.store.LedgerTables.LogPositions;
import io.newapi.server.store.LedgerTables.Writers;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the rows of {@code logs} apart from their charges, once each: a page of rows and the position behind it are one
 * transaction, which begins from the position that it finds.
 *
 * <p>Only for writers that were registered so. The rows of the others are written with their charges, into the database of
 * the balances: of their journals nothing is stored here, wherever logs are now.
 *
 * <p>Thread-safe; the work is done on the executor that is handed in.
 */
public final class SqlLogFollower implements JournalFollower {

    private static final Logger LOG = LoggerFactory.getLogger(SqlLogFollower.class);
    private static final int PAGE = 500;

    private final Database charges;
    private final Database logs;
    private final Executor worker;
    private final Set<WriterId> apart = ConcurrentHashMap.newKeySet();
    private volatile boolean away;

    /**
     * A follower that stores into {@code logs}.
     *
     * @param charges the database of the balances, which knows the writers; each is looked up once
     * @param logs the database that has the table of logs; the same, where rows are left of a time when it was another
     * @param worker runs the transactions; one thread is enough
     */
    public SqlLogFollower(Database charges, Database logs, Executor worker) {
        this.charges = charges;
        this.logs = logs;
        this.worker = worker;
    }

    @Override
    public CompletionStage<Long> follow(UsageJournal journal) {
        try {
            return CompletableFuture.supplyAsync(
                    () -> writtenWithCharges(journal.writer()).orElseGet(() -> store(journal)), worker);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Up to where the rows of a writer are written because they are booked; empty if they are stored by this. */
    private Optional<Long> writtenWithCharges(WriterId writer) {
        if (apart.contains(writer)) {
            return Optional.empty();
        }
        Record row = charges.read(context -> context.select(Writers.ROWS_APART, Writers.APPLIED_POS)
                .from(Writers.TABLE)
                .where(Writers.WRITER_ID.eq(writer.hex()))
                .fetchOne());
        if (row == null) {
            throw new IllegalStateException("the database of the balances does not know writer " + writer);
        }
        if (Rows.fromCode(row.get(Writers.ROWS_APART)) == Rows.WITH_CHARGES) {
            return Optional.of(row.get(Writers.APPLIED_POS));
        }
        apart.add(writer);
        return Optional.empty();
    }

    private long store(UsageJournal journal) {
        try {
            long position = storeWhatFits(journal);
            if (away) {
                away = false;
                LOG.info("{} takes log rows again", logs.name());
            }
            return position;
        } catch (DatabaseException e) {
            if (!away) {
                away = true;
                LOG.warn("log rows wait in the journal, charges go on: {}", e.getMessage());
            }
            throw e;
        }
    }

    private long storeWhatFits(UsageJournal journal) {
        try {
            return logs.write(context -> store(context, journal, Misfits.END_IT));
        } catch (DatabaseException e) {
            if (e.reason() != DatabaseException.Reason.MISFIT) {
                throw e;
            }
            return logs.write(context -> store(context, journal, Misfits.LEAVE_OUT));
        }
    }

    private static long store(DSLContext context, UsageJournal journal, Misfits misfits) {
        String writer = journal.writer().hex();
        Condition own = LogPositions.WRITER_ID.eq(writer);
        Dialect.upserts(context)
                .insertInto(LogPositions.TABLE)
                .columns(LogPositions.WRITER_ID, LogPositions.APPLIED_POS)
                .values(writer, 0L)
                .onConflict(LogPositions.WRITER_ID)
                .doNothing()
                .execute();
        long stored = Dialect.locked(
                        context,
                        context.select(LogPositions.APPLIED_POS)
                                .from(LogPositions.TABLE)
                                .where(own))
                .fetchSingle()
                .value1();
        UsageJournal.Page page = journal.read(Math.max(stored, journal.start()), PAGE);
        insert(context, page.entries(), misfits);
        long position = page.positions().isEmpty()
                ? stored
                : page.positions().get(page.positions().size() - 1);
        if (position == stored) {
            // a commit that others have seen may be undone while nothing behind it is confirmed: so something is
            // changed
            moveTo(context, own, -1);
        }
        moveTo(context, own, position);
        return position;
    }

    private static void insert(DSLContext context, List<JournalEntry> entries, Misfits misfits) {
        List<ConsumeLogEntry> rows = entries.stream()
                .map(ConsumeLogRows::of)
                .flatMap(Optional::stream)
                .toList();
        if (misfits == Misfits.END_IT) {
            ConsumeLogRows.insert(context, rows);
        } else {
            for (ConsumeLogEntry row : rows) {
                if (!ConsumeLogRows.insert(context, row, misfits)) {
                    // what it has charged is told all the same
                    LogSums.removed(context, BookKind.USER, row.userId(), row.quota());
                    LogSums.removed(context, BookKind.TOKEN, row.tokenId(), row.quota());
                    LogSums.removed(context, BookKind.CHANNEL, row.channelId(), row.quota());
                }
            }
        }
    }

    private static void moveTo(DSLContext context, Condition own, long position) {
        context.update(LogPositions.TABLE)
                .set(LogPositions.APPLIED_POS, position)
                .where(own)
                .execute();
    }
}
