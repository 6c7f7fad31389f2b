package io.newapi.server.store;

import static io.newapi.server.store.Nulls.number;
import static org.jooq.impl.DSL.and;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.sum;

import io.newapi.server.store.BookDifference.Figure;
import io.newapi.server.store.LedgerTables.Books;
import io.newapi.server.store.LedgerTables.QuotaData;
import io.newapi.server.store.Tables.Channels;
import io.newapi.server.store.Tables.Credits;
import io.newapi.server.store.Tables.Leases;
import io.newapi.server.store.Tables.Tokens;
import io.newapi.server.store.Tables.Users;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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
 * unlogged = hourly figures + uncounted}. Both sides of an exchange are one transaction, so the sums hold while nodes
 * serve; only log rows in a database of their own come later, or earlier. Works in pages, in constant memory.
 */
public final class BookStore {

    private static final Field<Long> NOTHING = inline(0L);

    private final Database database;
    private final LogSums logs;
    private final InstantSource clock;

    /**
     * The books of {@code database}; {@code clock} dates what an audit finds.
     *
     * @param logs where the rows of logs are: the same database, or one of their own. From one of their own they are read
     *     a moment later, and may not be there yet: what they differ in is to be looked at again before it is believed
     */
    public BookStore(Database database, Database logs, InstantSource clock) {
        this.database = database;
        this.logs = new LogSums(logs);
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

    /** What one account's rows say. */
    private record Sums(
            long id,
            boolean known,
            long total,
            long used,
            long credits,
            long hourly,
            long opened,
            long unlogged,
            long uncounted,
            long cleanAt) {}

    /** A page of accounts, with the log rows that were read in the same transaction, or at a moment after it. */
    private record Reading(List<Sums> accounts, LogLag.Charged charged, LogSums.Sums logs) {
        private long logged(Sums account) {
            return logs.units().getOrDefault(account.id(), 0L);
        }
    }

    /** Looks at up to {@code limit} accounts behind {@code afterId}, in the order of their ids. */
    public Page check(BookKind kind, long afterId, int limit) {
        Reading reading = database.read(context -> {
            List<Sums> accounts = sums(context, kind, afterId, limit);
            return new Reading(
                    accounts,
                    logs.areApartFrom(database) ? LogLag.charged(context) : LogLag.Charged.OF_NOBODY,
                    logs.of(kind, accounts.stream().map(Sums::id).toList()));
        });
        List<Sums> page = reading.accounts();
        List<BookDifference> differences = new ArrayList<>();
        List<Long> clean = new ArrayList<>();
        List<Sums> fresh = new ArrayList<>();
        for (Sums account : page) {
            if (!account.known()) {
                fresh.add(account);
                continue;
            }
            List<BookDifference> wrong = compare(kind, account, reading.logged(account));
            differences.addAll(wrong);
            if (wrong.isEmpty()) {
                clean.add(account.id());
            }
        }
        List<Sums> certain = certain(kind, fresh, reading, afterId, limit);
        note(kind, certain, reading, clean);
        long last = page.size() < limit ? 0 : page.get(page.size() - 1).id();
        return new Page(last, page.size(), certain.size(), differences);
    }

    /**
     * Those of which it is known what no row tells of. Where rows are on their way between two databases nobody can say
     * that of an account yet; the next audit meets it again.
     */
    private List<Sums> certain(BookKind kind, List<Sums> fresh, Reading reading, long afterId, int limit) {
        if (fresh.isEmpty() || !logs.areApartFrom(database)) {
            return fresh;
        }
        return database.read(context -> {
            if (!LogLag.none(reading.charged(), reading.logs().positions(), LogLag.charged(context))) {
                return List.of();
            }
            Map<Long, Long> usedNow =
                    sums(context, kind, afterId, limit).stream().collect(Collectors.toMap(Sums::id, Sums::used));
            return fresh.stream()
                    .filter(account -> usedNow.getOrDefault(account.id(), -1L) == account.used())
                    .toList();
        });
    }

    private static List<BookDifference> compare(BookKind kind, Sums account, long logged) {
        List<BookDifference> wrong = new ArrayList<>();
        if (kind != BookKind.CHANNEL) {
            add(
                    wrong,
                    kind,
                    account,
                    Figure.BALANCE,
                    account.opened() + account.credits(),
                    account.total() + account.used());
        }
        add(wrong, kind, account, Figure.LOGS, account.used(), logged + account.unlogged());
        if (kind == BookKind.USER) {
            add(wrong, kind, account, Figure.HOURLY, account.used(), account.hourly() + account.uncounted());
        }
        return wrong;
    }

    private static void add(
            List<BookDifference> wrong, BookKind kind, Sums account, Figure what, long expected, long found) {
        if (expected != found) {
            wrong.add(new BookDifference(kind, account.id(), what, expected, found, account.cleanAt()));
        }
    }

    /** Takes accounts that nobody has looked at as they are, and remembers which ones are in order. */
    private void note(BookKind kind, List<Sums> fresh, Reading reading, List<Long> clean) {
        if (fresh.isEmpty() && clean.isEmpty()) {
            return;
        }
        long now = clock.instant().getEpochSecond();
        database.write(context -> {
            for (Sums account : fresh) {
                open(
                        context,
                        kind,
                        account.id(),
                        account.total() + account.used() - account.credits(),
                        account.used() - reading.logged(account),
                        account.used() - account.hourly(),
                        now);
            }
            return context.update(Books.TABLE)
                    .set(Books.CLEAN_AT, now)
                    .where(Books.KIND.eq(kind.code()).and(Books.ACCOUNT_ID.in(clean)))
                    .execute();
        });
    }

    /** Opens the books of an account that is new. */
    static void open(DSLContext context, BookKind kind, long accountId, long now) {
        open(context, kind, accountId, 0, 0, 0, now);
    }

    private static void open(
            DSLContext context, BookKind kind, long accountId, long opened, long unlogged, long uncounted, long now) {
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
                .values(kind.code(), accountId, opened, unlogged, uncounted, now, now)
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
        if (units != 0 && accountId > 0) {
            context.update(Books.TABLE)
                    .set(column, column.plus(units))
                    .where(Books.KIND.eq(kind.code()).and(Books.ACCOUNT_ID.eq(accountId)))
                    .execute();
        }
    }

    // ---- reading ----

    private static List<Sums> sums(DSLContext context, BookKind kind, long afterId, int limit) {
        return switch (kind) {
            case USER ->
                sums(
                        context,
                        kind,
                        Users.TABLE,
                        Users.ID,
                        coalesce(Users.QUOTA, NOTHING),
                        Users.USED_QUOTA,
                        total(QuotaData.QUOTA, QuotaData.TABLE, QuotaData.USER_ID.eq(Users.ID)),
                        afterId,
                        limit);
            case TOKEN ->
                sums(
                        context,
                        kind,
                        Tokens.TABLE,
                        Tokens.ID,
                        coalesce(Tokens.REMAIN_QUOTA, NOTHING),
                        Tokens.USED_QUOTA,
                        NOTHING,
                        afterId,
                        limit);
            case CHANNEL ->
                sums(context, kind, Channels.TABLE, Channels.ID, NOTHING, Channels.USED_QUOTA, NOTHING, afterId, limit);
        };
    }

    private static List<Sums> sums(
            DSLContext context,
            BookKind kind,
            Table<Record> table,
            Field<Long> id,
            Field<Long> balance,
            Field<Long> used,
            Field<Long> hourly,
            long afterId,
            int limit) {
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
                .from(table)
                .leftJoin(Books.TABLE)
                .on(Books.KIND.eq(inline(kind.code())).and(Books.ACCOUNT_ID.eq(id)))
                .where(id.gt(afterId))
                .orderBy(id)
                .limit(limit)
                .fetch(row -> new Sums(
                        number(row, id),
                        row.get(Books.OPENED) != null,
                        Math.addExact(number(row, balanced), number(row, leased)),
                        number(row, usedUnits),
                        number(row, credits),
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
