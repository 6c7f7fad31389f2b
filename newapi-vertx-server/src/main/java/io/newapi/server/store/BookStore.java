package io.newapi.server.store;

import static io.newapi.server.store.Nulls.code;
import static io.newapi.server.store.Nulls.number;
import static io.newapi.server.store.Nulls.text;

import io.newapi.server.store.BookDifference.Figure;
import io.newapi.server.store.LedgerTables.Books;
import io.newapi.server.store.LedgerTables.Suspense;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Query;
import org.jooq.Record1;
import org.jooq.ResultQuery;

/**
 * The books: whether every unit that was ever credited is still there, leased, or charged, and whether all tables tell of
 * the same charges.
 *
 * <p>For each account, at every moment: {@code opened + credits = balance + leases + charges}, and {@code charges = logs +
 * unlogged = hourly figures + uncounted}. Works in pages, in constant memory.
 *
 * <p><b>While nodes serve.</b> Whatever changes one side of an equation changes the other in the same transaction: an
 * exchange, a credit, the removal of log rows. A page is read as it was at one
 * moment ({@link BookReader}), so no transaction of a node can make it differ, whenever it commits. What can is another
 * program that writes in several transactions, as the original does when it charges; hence {@link #again}. Log rows in a
 * database of their own come later than their charges, or earlier: they are not compared for an account that is charged
 * while it is looked at.
 *
 * <p><b>Accounts that are met for the first time</b>, such as those of the original, are taken as they are, in two
 * steps. First their books are opened, empty, while their rows are held; from then on every charge without a log row and
 * every removed log row is noted in them. The remainder of the equations is a constant from there, so it may be measured
 * at leisure, without any lock, and added. Whoever notes something on an account without books holds its row until he
 * commits: he is seen by the measurement, or sees the books. {@code clean_at} is 0 until the remainder is added, so that
 * this happens once, whoever does it.
 */
public final class BookStore {

    private final Database database;
    private final BookReader reader;
    private final InstantSource clock;

    /**
     * The books of {@code database}; {@code clock} dates what an audit finds.
     *
     * @param logs where the rows of logs are: the same database, or one of their own
     */
    public BookStore(Database database, Database logs, InstantSource clock) {
        this.database = database;
        this.reader = new BookReader(database, logs);
        this.clock = clock;
    }

    /**
     * A page of an audit.
     *
     * @param lastId where the next page begins; 0 when there is none
     * @param checked how many accounts were looked at
     * @param opened how many of them were met for the first time
     * @param undecided how many of them could not be compared with their log rows, or not be met, because such rows are on
     *     their way between two databases
     * @param differences what does not add up
     */
    public record Page(long lastId, int checked, int opened, int undecided, List<BookDifference> differences) {
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

    /** Looks at up to {@code limit} accounts behind {@code afterId}, in the order of their ids. */
    public Page check(BookKind kind, long afterId, int limit) {
        // what is found in order was so now, or later
        long now = clock.instant().getEpochSecond();
        List<BookFigures> page = reader.read(kind, id -> id.gt(afterId), limit);
        List<BookDifference> differences = new ArrayList<>();
        List<Long> clean = new ArrayList<>();
        List<Long> fresh = new ArrayList<>();
        int undecided = 0;
        for (BookFigures account : page) {
            List<BookDifference> wrong = account.known() ? compare(kind, account) : List.of();
            differences.addAll(wrong);
            if (!account.known()) {
                fresh.add(account.id());
            } else if (!account.logsKnown()) {
                undecided++;
            } else if (wrong.isEmpty()) {
                clean.add(account.id());
            }
        }
        int met = meet(kind, fresh, now);
        markClean(kind, clean, now);
        long last = page.size() < limit ? 0 : page.get(page.size() - 1).id();
        return new Page(last, page.size(), met, undecided + fresh.size() - met, differences);
    }

    /** What does not add up in these accounts now. An account that is gone, or was never met, has no difference. */
    public List<BookDifference> again(BookKind kind, Collection<Long> accountIds) {
        return reader.read(kind, id -> id.in(accountIds), accountIds.size()).stream()
                .filter(BookFigures::known)
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

    private static List<BookDifference> compare(BookKind kind, BookFigures account) {
        List<BookDifference> wrong = new ArrayList<>();
        if (kind != BookKind.CHANNEL) {
            add(wrong, kind, account, Figure.BALANCE, account.expected(), account.found());
        }
        if (account.logsKnown()) {
            add(wrong, kind, account, Figure.LOGS, account.used(), account.told());
        }
        if (kind == BookKind.USER) {
            add(wrong, kind, account, Figure.HOURLY, account.used(), account.counted());
        }
        return wrong;
    }

    private static void add(
            List<BookDifference> wrong, BookKind kind, BookFigures account, Figure what, long expected, long found) {
        if (expected != found) {
            wrong.add(new BookDifference(kind, account.id(), what, expected, found, account.cleanAt()));
        }
    }

    /**
     * Takes accounts that nobody has looked at as they are; how many. Of one whose log rows are on their way between two
     * databases nobody can say what has none: the next audit meets it again.
     */
    private int meet(BookKind kind, List<Long> ids, long now) {
        if (ids.isEmpty()) {
            return 0;
        }
        database.write(context -> {
            List<Long> held = held(context, kind, ids).fetch(Record1::value1);
            held.forEach(id -> open(context, kind, id, now, 0));
            return held;
        });
        List<BookFigures> accounts = reader.read(kind, id -> id.in(ids), ids.size()).stream()
                .filter(BookFigures::logsKnown)
                .toList();
        database.write(context -> {
            accounts.forEach(account -> addRemainder(context, kind, account, now));
            return accounts;
        });
        return accounts.size();
    }

    /** Those of the accounts that there are; nobody changes them until the transaction ends. */
    private static ResultQuery<Record1<Long>> held(DSLContext context, BookKind kind, List<Long> ids) {
        Field<Long> id = BookReader.id(kind);
        return Dialect.locked(
                context,
                context.select(id)
                        .from(BookReader.table(kind))
                        .where(id.in(ids))
                        .orderBy(id));
    }

    private static void addRemainder(DSLContext context, BookKind kind, BookFigures account, long now) {
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
    static void unlogged(Agenda agenda, BookKind kind, long accountId, long units) {
        grow(agenda, Books.UNLOGGED, kind, accountId, units);
    }

    /** Notes that charges of a user are not in the hourly figures. */
    static void uncounted(Agenda agenda, long userId, long units) {
        grow(agenda, Books.UNCOUNTED, BookKind.USER, userId, units);
    }

    private static void grow(Agenda agenda, Field<Long> column, BookKind kind, long accountId, long units) {
        if (units == 0 || accountId <= 0) {
            return;
        }
        Query add = agenda.context()
                .update(Books.TABLE)
                .set(column, column.plus(units))
                .where(ofAccount(kind, accountId));
        agenda.add(add, matched -> {
            if (matched == 0) {
                // its books may be about to be opened: whoever does so holds the row
                agenda.ask(held(agenda.context(), kind, List.of(accountId)), ids -> {});
                agenda.add(add);
            }
        });
    }

    private static Condition ofAccount(BookKind kind, long accountId) {
        return Books.KIND.eq(kind.code()).and(Books.ACCOUNT_ID.eq(accountId));
    }
}
