package io.newapi.server.store;

import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.sum;

import io.newapi.server.store.LedgerTables.RemovedLogs;
import io.newapi.server.store.Tables.Logs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;
import org.jooq.Field;

/** What the rows in {@code logs} have charged to each account, those that were removed since included. Blocks. */
final class LogSums {

    private final Database logs;

    /** Of the rows in {@code logs}, which may be another database than that of the balances. */
    LogSums(Database logs) {
        this.logs = logs;
    }

    /** Whether the rows are in another database, so that no query sees both at one moment. */
    boolean areApartFrom(Database balances) {
        return logs != balances;
    }

    /**
     * Sums of one moment.
     *
     * @param units by account; one that is not named has none
     * @param positions up to where the journals of writers are stored, see {@link LogLag}
     */
    record Sums(Map<Long, Long> units, Map<String, Long> positions) {}

    /** Of some accounts of one kind; joins a transaction that is open on the same database. */
    Sums of(BookKind kind, List<Long> accountIds) {
        return logs.read(context -> new Sums(units(context, kind, accountIds), LogLag.stored(context)));
    }

    /** Up to where the journals of writers are stored now. */
    Map<String, Long> positions() {
        return logs.read(LogLag::stored);
    }

    private static Map<Long, Long> units(DSLContext context, BookKind kind, List<Long> accountIds) {
        Field<Long> account = account(kind);
        Map<Long, Long> units = new HashMap<>();
        context.select(account, sum(Logs.QUOTA))
                .from(Logs.TABLE)
                .where(account.in(accountIds))
                .and(Logs.TYPE.eq(inline(LogType.CONSUME.code())))
                .groupBy(account)
                .forEach(row -> units.put(
                        row.value1(), row.value2() == null ? 0 : row.value2().longValueExact()));
        context.select(RemovedLogs.ACCOUNT_ID, RemovedLogs.UNITS)
                .from(RemovedLogs.TABLE)
                .where(RemovedLogs.KIND.eq(kind.code()))
                .and(RemovedLogs.ACCOUNT_ID.in(accountIds))
                .forEach(row -> units.merge(row.value1(), row.value2(), Math::addExact));
        return units;
    }

    /** Notes, in the transaction that removes rows, what they had charged to an account. */
    static void removed(DSLContext context, BookKind kind, long accountId, long units) {
        if (units != 0 && accountId > 0) {
            Dialect.upserts(context)
                    .insertInto(RemovedLogs.TABLE)
                    .columns(RemovedLogs.KIND, RemovedLogs.ACCOUNT_ID, RemovedLogs.UNITS)
                    .values(kind.code(), accountId, units)
                    .onConflict(RemovedLogs.KIND, RemovedLogs.ACCOUNT_ID)
                    .doUpdate()
                    .set(RemovedLogs.UNITS, RemovedLogs.UNITS.plus(units))
                    .execute();
        }
    }

    /** The column of {@code logs} that names the account. */
    static Field<Long> account(BookKind kind) {
        return switch (kind) {
            case USER -> Logs.USER_ID;
            case TOKEN -> Logs.TOKEN_ID;
            case CHANNEL -> Logs.CHANNEL_ID;
        };
    }
}
