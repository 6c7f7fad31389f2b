package io.newapi.server.store;

import static io.newapi.server.store.Nulls.number;
import static org.jooq.impl.DSL.and;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.sum;

import io.newapi.server.store.LedgerTables.Books;
import io.newapi.server.store.LedgerTables.QuotaData;
import io.newapi.server.store.Tables.Channels;
import io.newapi.server.store.Tables.Credits;
import io.newapi.server.store.Tables.Leases;
import io.newapi.server.store.Tables.Tokens;
import io.newapi.server.store.Tables.Users;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.SQLDataType;

/**
 * Reads what the rows of accounts say, so that the figures belong together while nodes serve.
 *
 * <p>In one database everything is read in one transaction, which sees one committed state, by the snapshot of SQLite and
 * by that of InnoDB. Log rows in a database of their own are written by other transactions than the charges: they are read
 * between two looks at the accounts, and belong to those that were charged nothing in between, if by then every charge
 * from before was stored, and what was stored is charged.
 */
final class BookReader {

    private static final Field<Long> NOTHING = inline(0L);

    /** How long rows that are on their way between two databases are waited for: a second in all. */
    private static final int LOOKS = 20;

    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Database database;
    private final LogSums logs;

    BookReader(Database database, Database logs) {
        this.database = database;
        this.logs = new LogSums(logs);
    }

    /** One look at the accounts, and up to where all journals were booked then. */
    private record Look(List<BookFigures> accounts, Map<String, Long> charged) {}

    /** Up to {@code limit} accounts, in the order of their ids. */
    List<BookFigures> read(BookKind kind, Function<Field<Long>, Condition> which, int limit) {
        return logs.areApartFrom(database) ? readApart(kind, which, limit) : readTogether(kind, which, limit);
    }

    private List<BookFigures> readTogether(BookKind kind, Function<Field<Long>, Condition> which, int limit) {
        return database.read(context -> {
            List<BookFigures> accounts = figures(context, kind, which, limit);
            Map<Long, Long> units = logs.of(kind, ids(accounts)).units();
            return accounts.stream()
                    .map(account -> account.withLogs(units.getOrDefault(account.id(), 0L), true))
                    .toList();
        });
    }

    private List<BookFigures> readApart(BookKind kind, Function<Field<Long>, Condition> which, int limit) {
        Look before = look(kind, which, limit);
        List<Long> ids = ids(before.accounts());
        // waited for by the positions alone: the sums may be large
        waitFor(logs::positions, stored -> LogLag.allStored(before.charged(), stored));
        LogSums.Sums rows = logs.of(kind, ids);
        Look after = waitFor(
                () -> look(kind, id -> id.in(ids), ids.size()),
                later -> LogLag.allCharged(rows.positions(), later.charged()));
        boolean noneOnTheirWay = LogLag.allStored(before.charged(), rows.positions())
                && LogLag.allCharged(rows.positions(), after.charged());
        Map<Long, Long> usedLater =
                after.accounts().stream().collect(Collectors.toMap(BookFigures::id, BookFigures::used));
        return before.accounts().stream()
                .map(account -> account.withLogs(
                        rows.units().getOrDefault(account.id(), 0L),
                        noneOnTheirWay && usedLater.getOrDefault(account.id(), -1L) == account.used()))
                .toList();
    }

    private Look look(BookKind kind, Function<Field<Long>, Condition> which, int limit) {
        return database.read(context -> new Look(figures(context, kind, which, limit), LogLag.charged(context)));
    }

    private static List<Long> ids(List<BookFigures> accounts) {
        return accounts.stream().map(BookFigures::id).toList();
    }

    private static <T> T waitFor(Supplier<T> look, Predicate<T> good) {
        T seen = look.get();
        for (int i = 1; i < LOOKS && !good.test(seen); i++) {
            LockSupport.parkNanos(PAUSE.toNanos());
            seen = look.get();
        }
        return seen;
    }

    private static List<BookFigures> figures(
            DSLContext context, BookKind kind, Function<Field<Long>, Condition> which, int limit) {
        return switch (kind) {
            case USER ->
                figures(
                        context,
                        kind,
                        coalesce(Users.QUOTA, NOTHING),
                        Users.USED_QUOTA,
                        total(QuotaData.QUOTA, QuotaData.TABLE, QuotaData.USER_ID.eq(Users.ID)),
                        which,
                        limit);
            case TOKEN ->
                figures(
                        context,
                        kind,
                        coalesce(Tokens.REMAIN_QUOTA, NOTHING),
                        Tokens.USED_QUOTA,
                        NOTHING,
                        which,
                        limit);
            case CHANNEL -> figures(context, kind, NOTHING, Channels.USED_QUOTA, NOTHING, which, limit);
        };
    }

    private static List<BookFigures> figures(
            DSLContext context,
            BookKind kind,
            Field<Long> balance,
            Field<Long> used,
            Field<Long> hourly,
            Function<Field<Long>, Condition> which,
            int limit) {
        Field<Long> id = id(kind);
        Field<Long> balanced = balance.as("balance_units");
        Field<Long> usedUnits = coalesce(used, NOTHING).as("used_units");
        Field<Long> leased = total(Leases.HELD, Leases.TABLE, ofAccount(kind, Leases.KIND, Leases.ACCOUNT_ID, id))
                .as("leased_units");
        Field<Long> credits = total(
                        Credits.AMOUNT, Credits.TABLE, ofAccount(kind, Credits.KIND, Credits.ACCOUNT_ID, id))
                .as("credited_units");
        Field<Long> hours = hourly.as("hourly_units");
        return context.select(
                        id,
                        balanced,
                        usedUnits,
                        leased,
                        credits,
                        hours,
                        Books.OPENED,
                        Books.UNLOGGED,
                        Books.UNCOUNTED,
                        Books.CLEAN_AT)
                .from(table(kind))
                .leftJoin(Books.TABLE)
                .on(Books.KIND.eq(inline(kind.code())).and(Books.ACCOUNT_ID.eq(id)))
                .where(which.apply(id))
                .orderBy(id)
                .limit(limit)
                .fetch(row -> new BookFigures(
                        number(row, id),
                        Math.addExact(number(row, balanced), number(row, leased)),
                        number(row, usedUnits),
                        number(row, credits),
                        0,
                        false,
                        number(row, hours),
                        number(row, Books.OPENED),
                        number(row, Books.UNLOGGED),
                        number(row, Books.UNCOUNTED),
                        number(row, Books.CLEAN_AT)));
    }

    private static Condition ofAccount(BookKind kind, Field<Integer> kinds, Field<Long> ids, Field<Long> id) {
        return and(kinds.eq(inline(kind.code())), ids.eq(id));
    }

    private static Field<Long> total(Field<Long> units, Table<Record> table, Condition condition) {
        Field<BigDecimal> sum = field(select(coalesce(sum(units), inline(BigDecimal.ZERO)))
                .from(table)
                .where(condition));
        return sum.coerce(SQLDataType.BIGINT);
    }

    static Table<Record> table(BookKind kind) {
        return switch (kind) {
            case USER -> Users.TABLE;
            case TOKEN -> Tokens.TABLE;
            case CHANNEL -> Channels.TABLE;
        };
    }

    static Field<Long> id(BookKind kind) {
        return switch (kind) {
            case USER -> Users.ID;
            case TOKEN -> Tokens.ID;
            case CHANNEL -> Channels.ID;
        };
    }
}
