package io.newapi.server.store;

import static io.newapi.server.store.Nulls.code;
import static io.newapi.server.store.Nulls.number;
import static io.newapi.server.store.Nulls.text;
import static org.jooq.impl.DSL.and;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.sum;

import io.newapi.server.store.BookDifference.Figure;
import io.newapi.server.store.LedgerTables.Books;
import io.newapi.server.store.LedgerTables.QuotaData;
import io.newapi.server.store.LedgerTables.Suspense;
import io.newapi.server.store.Tables.Channels;
import io.newapi.server.store.Tables.Credits;
import io.newapi.server.store.Tables.Leases;
import io.newapi.server.store.Tables.Logs;
import io.newapi.server.store.Tables.Tokens;
import io.newapi.server.store.Tables.Users;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.SQLDataType;

/**
 * The books: whether every unit that was ever credited is still there, leased, or charged, and whether all tables tell of
 * the same charges.
 *
 * <p>For each account, at every moment: {@code opened + credits = balance + leases + charges}, and {@code charges = logs +
 * unlogged = hourly figures + uncounted}. Works in pages, in constant memory.
 *
 * <p><b>While nodes serve.</b> Whatever changes one side of an equation changes the other in the same transaction: an
 * exchange, a credit, the removal of log rows. A page is one statement, and a statement sees one committed state of all
 * tables, subqueries included: by the snapshot of SQLite, by the read view of InnoDB. So no transaction of a node can
 * make a page differ, whenever it commits. What can is another program that writes in several transactions, as the
 * original does when it charges; hence {@link #again}.
 *
 * <p><b>Accounts that are met for the first time</b>, such as those of the original, are taken as they are, in two
 * steps. First their books are opened, empty, while their rows are held; from then on every charge without a log row and
 * every removed log row is noted in them. The remainder of the equations is a constant from there, so it may be measured
 * at leisure, without any lock, and added. Whoever notes something on an account without books holds its row until he
 * commits: he is seen by the measurement, or sees the books. {@code clean_at} is 0 until the remainder is added, so that
 * this happens once, whoever does it.
 */
public final class BookStore {

    private static final int CONSUME = LogType.CONSUME.code();
    private static final Field<Long> NOTHING = inline(0L);

    private final Database database;
    private final InstantSource clock;

    /** The books of {@code database}; {@code clock} dates what an audit finds. */
    public BookStore(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * A page of an audit.
     *
     * @param lastId where the next page begins; 0 when there is none
     * @param checked how many accounts were looked at
     * @param opened how many of them were met for the first time
     * @param differences what does not add up
     */
    public record Page(long lastId, int checked, int opened, List<BookDifference> differences) {
        /** An immutable copy. */
        public Page {
            differences = List.copyOf(differences);
        }
    }

    /**
     * What found no account to be booked on; normally nothing.
     *
     * @param total how many rows there are
     * @param rows the oldest of them
     */
    public record SuspensePage(long total, List<SuspenseRow> rows) {
        /** An immutable copy. */
        public SuspensePage {
            rows = List.copyOf(rows);
        }
    }

    /** What one account's rows say; it is known if its books were opened and the remainder was added. */
    private record Sums(
            long id,
            long total,
            long used,
            long credits,
            long logs,
            long hourly,
            long opened,
            long unlogged,
            long uncounted,
            long cleanAt) {

        private boolean known() {
            return cleanAt > 0;
        }

        private long expected() {
            return Math.addExact(opened, credits);
        }

        private long found() {
            return Math.addExact(total, used);
        }

        private long told() {
            return Math.addExact(logs, unlogged);
        }

        private long counted() {
            return Math.addExact(hourly, uncounted);
        }
    }

    /** Looks at up to {@code limit} accounts behind {@code afterId}, in the order of their ids. */
    public Page check(BookKind kind, long afterId, int limit) {
        // what is found in order was so now, or later
        long now = clock.instant().getEpochSecond();
        List<Sums> page = database.read(context -> sums(context, kind, id -> id.gt(afterId), limit));
        List<BookDifference> differences = new ArrayList<>();
        List<Long> clean = new ArrayList<>();
        List<Long> fresh = new ArrayList<>();
        for (Sums account : page) {
            List<BookDifference> wrong = account.known() ? compare(kind, account) : List.of();
            differences.addAll(wrong);
            if (wrong.isEmpty()) {
                (account.known() ? clean : fresh).add(account.id());
            }
        }
        meet(kind, fresh, now);
        markClean(kind, clean, now);
        long last = page.size() < limit ? 0 : page.get(page.size() - 1).id();
        return new Page(last, page.size(), fresh.size(), differences);
    }

    /** What does not add up in these accounts now. An account that is gone, or was never met, has no difference. */
    public List<BookDifference> again(BookKind kind, Collection<Long> accountIds) {
        List<Sums> accounts = database.read(context -> sums(context, kind, id -> id.in(accountIds), accountIds.size()));
        return accounts.stream()
                .filter(Sums::known)
                .flatMap(account -> compare(kind, account).stream())
                .toList();
    }

    /** What found no account to be booked on, the oldest first, at most {@code limit} rows. */
    public SuspensePage suspense(int limit) {
        return database.read(context -> new SuspensePage(
                context.fetchCount(Suspense.TABLE),
                context.select(
                                Suspense.WRITER_ID,
                                Suspense.KIND,
                                Suspense.ACCOUNT_ID,
                                Suspense.AMOUNT,
                                Suspense.REASON,
                                Suspense.CREATED_AT)
                        .from(Suspense.TABLE)
                        .orderBy(Suspense.ID)
                        .limit(limit)
                        .fetch(row -> new SuspenseRow(
                                text(row, Suspense.WRITER_ID),
                                BookKind.fromCode(code(row, Suspense.KIND)),
                                number(row, Suspense.ACCOUNT_ID),
                                number(row, Suspense.AMOUNT),
                                text(row, Suspense.REASON),
                                number(row, Suspense.CREATED_AT)))));
    }

    private static List<BookDifference> compare(BookKind kind, Sums account) {
        List<BookDifference> wrong = new ArrayList<>();
        if (kind != BookKind.CHANNEL) {
            add(wrong, kind, account, Figure.BALANCE, account.expected(), account.found());
        }
        add(wrong, kind, account, Figure.LOGS, account.used(), account.told());
        if (kind == BookKind.USER) {
            add(wrong, kind, account, Figure.HOURLY, account.used(), account.counted());
        }
        return wrong;
    }

    private static void add(
            List<BookDifference> wrong, BookKind kind, Sums account, Figure what, long expected, long found) {
        if (expected != found) {
            wrong.add(new BookDifference(kind, account.id(), what, expected, found, account.cleanAt()));
        }
    }

    /** Takes accounts that nobody has looked at as they are. */
    private void meet(BookKind kind, List<Long> ids, long now) {
        if (ids.isEmpty()) {
            return;
        }
        database.write(context -> {
            List<Long> held = hold(context, kind, ids);
            held.forEach(id -> open(context, kind, id, now, 0));
            return held;
        });
        List<Sums> accounts = database.read(context -> sums(context, kind, id -> id.in(ids), ids.size()));
        database.write(context -> {
            accounts.forEach(account -> addRemainder(context, kind, account, now));
            return accounts;
        });
    }

    /** Those of the accounts that there are; nobody changes them until the transaction ends. */
    private static List<Long> hold(DSLContext context, BookKind kind, List<Long> ids) {
        Field<Long> id = id(kind);
        return Dialect.locked(
                        context,
                        context.select(id).from(table(kind)).where(id.in(ids)).orderBy(id))
                .fetch(id);
    }

    private static void addRemainder(DSLContext context, BookKind kind, Sums account, long now) {
        long unlogged = Math.subtractExact(account.used(), account.told());
        long uncounted = kind == BookKind.USER ? Math.subtractExact(account.used(), account.counted()) : 0;
        long opened = kind == BookKind.CHANNEL ? 0 : Math.subtractExact(account.found(), account.expected());
        context.update(Books.TABLE)
                .set(Books.OPENED, Books.OPENED.plus(opened))
                .set(Books.UNLOGGED, Books.UNLOGGED.plus(unlogged))
                .set(Books.UNCOUNTED, Books.UNCOUNTED.plus(uncounted))
                .set(Books.CLEAN_AT, now)
                .where(ofAccount(kind, account.id()).and(Books.CLEAN_AT.eq(0L)))
                .execute();
    }

    private void markClean(BookKind kind, List<Long> ids, long now) {
        if (!ids.isEmpty()) {
            database.write(context -> context.update(Books.TABLE)
                    .set(Books.CLEAN_AT, now)
                    .where(Books.KIND.eq(kind.code()).and(Books.ACCOUNT_ID.in(ids)))
                    .execute());
        }
    }

    /** Opens the books of an account that is new. */
    static void open(DSLContext context, BookKind kind, long accountId, long now) {
        open(context, kind, accountId, now, now);
    }

    private static void open(DSLContext context, BookKind kind, long accountId, long now, long cleanAt) {
        Dialect.upserts(context)
                .insertInto(Books.TABLE)
                .columns(
                        Books.KIND,
                        Books.ACCOUNT_ID,
                        Books.OPENED,
                        Books.UNLOGGED,
                        Books.UNCOUNTED,
                        Books.OPENED_AT,
                        Books.CLEAN_AT)
                .values(kind.code(), accountId, 0L, 0L, 0L, now, cleanAt)
                .onConflict(Books.KIND, Books.ACCOUNT_ID)
                .doNothing()
                .execute();
    }

    /** Notes that charges of an account have no row in logs; negative when they get one. */
    static void unlogged(DSLContext context, BookKind kind, long accountId, long units) {
        grow(context, Books.UNLOGGED, kind, accountId, units);
    }

    /** Notes that charges of a user are not in the hourly figures. */
    static void uncounted(DSLContext context, long userId, long units) {
        grow(context, Books.UNCOUNTED, BookKind.USER, userId, units);
    }

    private static void grow(DSLContext context, Field<Long> column, BookKind kind, long accountId, long units) {
        if (units == 0 || accountId <= 0 || add(context, column, kind, accountId, units)) {
            return;
        }
        // its books may be about to be opened: whoever does so holds the row
        if (!hold(context, kind, List.of(accountId)).isEmpty()) {
            add(context, column, kind, accountId, units);
        }
    }

    private static boolean add(DSLContext context, Field<Long> column, BookKind kind, long accountId, long units) {
        return context.update(Books.TABLE)
                        .set(column, column.plus(units))
                        .where(ofAccount(kind, accountId))
                        .execute()
                > 0;
    }

    private static Condition ofAccount(BookKind kind, long accountId) {
        return Books.KIND.eq(kind.code()).and(Books.ACCOUNT_ID.eq(accountId));
    }

    private static Table<Record> table(BookKind kind) {
        return switch (kind) {
            case USER -> Users.TABLE;
            case TOKEN -> Tokens.TABLE;
            case CHANNEL -> Channels.TABLE;
        };
    }

    private static Field<Long> id(BookKind kind) {
        return switch (kind) {
            case USER -> Users.ID;
            case TOKEN -> Tokens.ID;
            case CHANNEL -> Channels.ID;
        };
    }

    // ---- reading ----

    private static List<Sums> sums(
            DSLContext context, BookKind kind, Function<Field<Long>, Condition> which, int limit) {
        return switch (kind) {
            case USER ->
                sums(
                        context,
                        kind,
                        coalesce(Users.QUOTA, NOTHING),
                        Users.USED_QUOTA,
                        Logs.USER_ID,
                        total(QuotaData.QUOTA, QuotaData.TABLE, QuotaData.USER_ID.eq(Users.ID)),
                        which,
                        limit);
            case TOKEN ->
                sums(
                        context,
                        kind,
                        coalesce(Tokens.REMAIN_QUOTA, NOTHING),
                        Tokens.USED_QUOTA,
                        Logs.TOKEN_ID,
                        NOTHING,
                        which,
                        limit);
            case CHANNEL -> sums(context, kind, NOTHING, Channels.USED_QUOTA, Logs.CHANNEL_ID, NOTHING, which, limit);
        };
    }

    private static List<Sums> sums(
            DSLContext context,
            BookKind kind,
            Field<Long> balance,
            Field<Long> used,
            Field<Long> loggedId,
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
        Field<Long> logs = total(Logs.QUOTA, Logs.TABLE, loggedId.eq(id).and(Logs.TYPE.eq(inline(CONSUME))))
                .as("logged_units");
        Field<Long> hours = hourly.as("hourly_units");
        return context.select(
                        id,
                        balanced,
                        usedUnits,
                        leased,
                        credits,
                        logs,
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
                .fetch(row -> new Sums(
                        number(row, id),
                        Math.addExact(number(row, balanced), number(row, leased)),
                        number(row, usedUnits),
                        number(row, credits),
                        number(row, logs),
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
}
