package io.newapi.server.store;

import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.inline;

import io.newapi.core.quota.Account;
import io.newapi.core.quota.QuotaAuthority;
import io.newapi.core.quota.WriterId;
import io.newapi.server.store.LedgerTables.Writers;
import io.newapi.server.store.Tables.Leases;
import io.newapi.server.store.Tables.Tokens;
import io.newapi.server.store.Tables.Users;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The authority over balances that live in the database: {@code users.quota} and {@code tokens.remain_quota}, with what
 * is leased from them in {@code newapi_leases}.
 *
 * <p>Every failure is reported as one after which the transaction may have been committed: the ledger then asks what is
 * booked, and believes only that. Thread-safe; the work is done on the executor that is handed in.
 */
public final class SqlQuotaAuthority implements QuotaAuthority {

    private static final Logger LOG = LoggerFactory.getLogger(SqlQuotaAuthority.class);
    private static final int CLOSE_PAGE = 200;
    private static final int MAX_NAME_CHARS = 191;

    private final Database database;
    private final Executor worker;
    private final InstantSource clock;
    private final String nodeName;
    private final String place;
    private final ConsumeLogs.Rows rows;
    private final Consumer<Set<Account>> moved;
    private final ConcurrentMap<WriterId, Long> attempts = new ConcurrentHashMap<>();

    /**
     * The authority of a node whose log rows are beside its balances: they are written with the charges.
     *
     * @param worker runs the transactions; one thread is enough
     * @param nodeName the node's name, for people
     * @param place where its journals are, for people
     */
    public SqlQuotaAuthority(Database database, Executor worker, InstantSource clock, String nodeName, String place) {
        this(database, worker, clock, cut(nodeName), cut(place), ConsumeLogs.Rows.WITH_CHARGES, moved -> {});
    }

    private SqlQuotaAuthority(
            Database database,
            Executor worker,
            InstantSource clock,
            String nodeName,
            String place,
            ConsumeLogs.Rows rows,
            Consumer<Set<Account>> moved) {
        this.rows = rows;
        this.moved = moved;
        this.database = database;
        this.worker = worker;
        this.clock = clock;
        this.nodeName = nodeName;
        this.place = place;
    }

    /** The same authority, whose new writers have log rows that a {@link SqlLogFollower} stores into another database. */
    public SqlQuotaAuthority withoutLogRows() {
        return new SqlQuotaAuthority(database, worker, clock, nodeName, place, ConsumeLogs.Rows.APART, moved);
    }

    /**
     * The same authority, which tells whose balances a transaction has changed, or may have changed where it is not certain
     * that it was committed.
     *
     * @param moved called after the transaction on the thread that ran it; must return at once
     */
    public SqlQuotaAuthority telling(Consumer<Set<Account>> moved) {
        return new SqlQuotaAuthority(database, worker, clock, nodeName, place, rows, moved);
    }

    @Override
    public CompletionStage<Void> register(WriterId writer) {
        return transaction("register a ledger writer", agenda -> {
            agenda.add(agenda.context()
                    .insertInto(Writers.TABLE)
                    .set(Writers.WRITER_ID, writer.hex())
                    .set(Writers.NODE_NAME, nodeName)
                    .set(Writers.PLACE, place)
                    .set(Writers.STATE, WriterStates.code(WriterState.OPEN))
                    .set(Writers.ROWS_APART, rows.code())
                    .set(Writers.STARTED_AT, clock.instant().getEpochSecond()));
            agenda.settle();
            return null;
        });
    }

    @Override
    public CompletionStage<Answer> exchange(Exchange exchange) {
        return fitting("book settlements", misfits -> {
            Exchange smaller = exchange;
            while (true) {
                try {
                    return book(smaller, misfits);
                } catch (ExchangeTransaction.StuckReturn stuck) {
                    // it stays leased until the column is repaired
                    smaller = givingBackNothing(smaller, stuck.account());
                }
            }
        });
    }

    private Answer book(Exchange exchange, Misfits misfits) {
        return told(accounts -> database.converse(conversation -> {
            ExchangeTransaction transaction = new ExchangeTransaction(
                    conversation, exchange, attempt(exchange.writer()), clock.instant(), misfits);
            Answer answer = transaction.run();
            accounts.addAll(transaction.moved());
            return answer;
        }));
    }

    /** Whoever is told too much, because it was not committed after all, only looks once more. */
    private <T> T told(Function<Set<Account>, T> work) {
        Set<Account> accounts = new HashSet<>();
        try {
            return work.apply(accounts);
        } finally {
            if (!accounts.isEmpty()) {
                moved.accept(Set.copyOf(accounts));
            }
        }
    }

    /** The same exchange, which answers a recall of the account with nothing. */
    private static Exchange givingBackNothing(Exchange exchange, Account account) {
        Map<Account, Long> returns = new HashMap<>(exchange.returns());
        returns.put(account, 0L);
        return new Exchange(
                exchange.writer(),
                exchange.from(),
                exchange.entries(),
                exchange.positions(),
                returns,
                exchange.requests(),
                exchange.touched());
    }

    /**
     * Counted here and not by the database: a commit that others have seen may be undone when the database is killed, and
     * then the same number would come again. Whoever watches the number would take a writer that lives for one that
     * stands still.
     */
    private long attempt(WriterId writer) {
        return attempts.merge(writer, 1L, Long::sum);
    }

    @Override
    public CompletionStage<View> resync(WriterId writer, Set<Account> accounts) {
        return transaction("look up what is booked", agenda -> {
            leaveATrace(agenda, writer);
            View whole = view(agenda, writer);
            Map<Account, Long> asked = new HashMap<>(whole.held());
            asked.keySet().retainAll(accounts);
            return new View(whole.state(), whole.appliedPosition(), asked);
        });
    }

    /**
     * Changes the writer's row in any case. A commit that others can see may still be undone when the database is killed;
     * an answer proves what it has read only if something was written, and committed, after it.
     */
    private static void leaveATrace(Agenda agenda, WriterId writer) {
        agenda.add(agenda.context()
                .update(Writers.TABLE)
                .set(Writers.RESYNC_NO, Writers.RESYNC_NO.plus(1))
                .where(Writers.WRITER_ID.eq(writer.hex())));
    }

    @Override
    public CompletionStage<Void> recall(WriterId asking, Set<Account> accounts) {
        return transaction("recall what others hold", agenda -> {
            for (Account account : new TreeSet<>(accounts)) {
                agenda.add(agenda.context()
                        .update(Leases.TABLE)
                        .set(Leases.RECALL, 1)
                        .where(Leases.KIND.eq(account.kind().code()))
                        .and(Leases.ACCOUNT_ID.eq(account.id()))
                        .and(Leases.WRITER_ID.ne(asking.hex()))
                        .and(Leases.HELD.gt(0L))
                        .and(Leases.RECALL.eq(0)));
            }
            agenda.settle();
            return null;
        });
    }

    @Override
    public CompletionStage<View> beginClose(WriterId writer) {
        return transaction("begin to close a ledger writer", agenda -> {
            leaveATrace(agenda, writer);
            agenda.add(agenda.context()
                    .update(Writers.TABLE)
                    .set(Writers.STATE, WriterStates.code(WriterState.CLOSING))
                    .where(Writers.WRITER_ID.eq(writer.hex()))
                    .and(Writers.STATE.eq(WriterStates.code(WriterState.OPEN))));
            return view(agenda, writer);
        });
    }

    @Override
    public CompletionStage<Void> finishClose(WriterId writer) {
        return finishClose(writer, Set.of());
    }

    /** @param stuck accounts that cannot take back what is leased of them */
    private CompletionStage<Void> finishClose(WriterId writer, Set<Account> stuck) {
        return this.<GivenBack>fitting(
                        "close a ledger writer",
                        misfits -> told(accounts -> database.converse(conversation ->
                                giveBackPage(new Agenda(conversation), writer, stuck, misfits, accounts))))
                .thenCompose(page -> page.last()
                        ? CompletableFuture.<Void>completedFuture(null)
                        : finishClose(writer, page.stuck()));
    }

    /**
     * What one transaction of a close has done.
     *
     * @param last whether nothing is left that could be given back
     * @param stuck accounts that cannot take back what is leased of them, those known before included
     */
    private record GivenBack(boolean last, Set<Account> stuck) {}

    /**
     * One transaction of a close: so many leases, balances first locked in their order. What a balance cannot take stays
     * leased, and the writer half closed, so that whoever closes it again, after the column was repaired, gives it back.
     */
    private GivenBack giveBackPage(
            Agenda agenda, WriterId writer, Set<Account> stuckBefore, Misfits misfits, Set<Account> given) {
        leaveATrace(agenda, writer);
        View view = view(agenda, writer);
        Set<Account> stuck = new TreeSet<>(stuckBefore);
        List<Map.Entry<Account, Long>> page = new TreeMap<>(view.held())
                .entrySet().stream()
                        .filter(lease -> !stuckBefore.contains(lease.getKey()))
                        .limit(CLOSE_PAGE)
                        .toList();
        for (Map.Entry<Account, Long> lease : page) {
            Account account = lease.getKey();
            agenda.add(
                    giveBack(agenda.context(), account, lease.getValue()),
                    misfits,
                    matched -> {
                        given.add(account);
                        endLease(agenda, writer, account, lease.getValue(), matched > 0);
                    },
                    () -> {
                        LOG.error(
                                "{} units of the {} stay leased: its balance cannot take them",
                                lease.getValue(),
                                account);
                        stuck.add(account);
                    });
        }
        agenda.settle();
        boolean last = page.size() < CLOSE_PAGE;
        if (last && stuck.isEmpty()) {
            agenda.add(agenda.context()
                    .update(Writers.TABLE)
                    .set(Writers.STATE, WriterStates.code(WriterState.CLOSED))
                    .set(Writers.CLOSED_AT, clock.instant().getEpochSecond())
                    .where(Writers.WRITER_ID.eq(writer.hex()))
                    .and(Writers.STATE.ne(WriterStates.code(WriterState.CLOSED))));
            agenda.settle();
        }
        return new GivenBack(last, stuck);
    }

    /** @param hadOwner whether there was a balance to give back to */
    private void endLease(Agenda agenda, WriterId writer, Account account, long held, boolean hadOwner) {
        if (!hadOwner) {
            agenda.add(new SuspenseAccount(agenda.context(), clock.instant())
                    .book(writer, account, held, "the " + account + " to give back to does not exist"));
        }
        agenda.add(agenda.context()
                .deleteFrom(Leases.TABLE)
                .where(Leases.WRITER_ID.eq(writer.hex()))
                .and(Leases.KIND.eq(account.kind().code()))
                .and(Leases.ACCOUNT_ID.eq(account.id())));
    }

    /**
     * A writer that has not ended.
     *
     * @param exchangeNo grows with each of its exchanges
     * @param closing whether somebody has begun to close it
     */
    public record LivingWriter(WriterId writer, String nodeName, long exchangeNo, boolean closing) {}

    /** All writers that have not ended, this node's own among them. */
    public List<LivingWriter> livingWriters() {
        return database.read(context -> context.select(
                        Writers.WRITER_ID, Writers.NODE_NAME, Writers.EXCHANGE_NO, Writers.STATE)
                .from(Writers.TABLE)
                .where(Writers.STATE.lt(WriterStates.code(WriterState.CLOSED)))
                .fetch(row -> new LivingWriter(
                        new WriterId(row.value1()),
                        row.value2(),
                        row.value3(),
                        row.value4() == WriterStates.code(WriterState.CLOSING))));
    }

    /**
     * Closes a writer that has not been heard of, unless it was meanwhile: gives back what it holds. What it has
     * settled and nobody has booked is charged when its journal turns up.
     *
     * @param seen as it was when it was last seen
     * @return whether it was closed
     */
    public CompletionStage<Boolean> reclaim(LivingWriter seen) {
        return transaction("begin to close a silent ledger writer", agenda -> {
                    AtomicBoolean begun = new AtomicBoolean();
                    agenda.add(
                            agenda.context()
                                    .update(Writers.TABLE)
                                    .set(Writers.STATE, WriterStates.code(WriterState.CLOSING))
                                    .set(Writers.RESYNC_NO, Writers.RESYNC_NO.plus(1))
                                    .where(Writers.WRITER_ID.eq(seen.writer().hex()))
                                    .and(Writers.STATE.lt(WriterStates.code(WriterState.CLOSED)))
                                    .and(Writers.EXCHANGE_NO.eq(seen.exchangeNo())),
                            matched -> begun.set(matched == 1));
                    agenda.settle();
                    return begun.get();
                })
                .thenCompose(begun -> begun
                        ? finishClose(seen.writer()).thenApply(closed -> true)
                        : CompletableFuture.completedFuture(false));
    }

    /** How many writers are open: this node's own, and those of runs that are still being closed. */
    public long openWriters() {
        return database.read(context -> context.select(count())
                .from(Writers.TABLE)
                .where(Writers.STATE.eq(WriterStates.code(WriterState.OPEN)))
                .fetchSingle(0, Long.class));
    }

    /** As much as the column takes. */
    private static String cut(String text) {
        return text.substring(0, Math.min(text.length(), MAX_NAME_CHARS));
    }

    /** Says what is on the agenda, and looks then. */
    private static View view(Agenda agenda, WriterId writer) {
        DSLContext context = agenda.context();
        AtomicReference<@Nullable Record> found = new AtomicReference<>();
        Map<Account, Long> held = new HashMap<>();
        agenda.ask(
                Dialect.locked(
                        context,
                        context.select(Writers.STATE, Writers.APPLIED_POS)
                                .from(Writers.TABLE)
                                .where(Writers.WRITER_ID.eq(writer.hex()))),
                rows -> rows.forEach(found::set));
        agenda.ask(
                Dialect.locked(
                        context,
                        context.select(Leases.KIND, Leases.ACCOUNT_ID, Leases.HELD)
                                .from(Leases.TABLE)
                                .where(Leases.WRITER_ID.eq(writer.hex()))
                                .orderBy(Leases.KIND, Leases.ACCOUNT_ID)),
                rows -> rows.forEach(lease ->
                        held.put(new Account(Account.Kind.fromCode(lease.value1()), lease.value2()), lease.value3())));
        agenda.settle();
        Record row = found.get();
        return row == null
                ? new View(WriterState.MISSING, 0, Map.of())
                : new View(WriterStates.fromCode(row.get(Writers.STATE)), row.get(Writers.APPLIED_POS), held);
    }

    private static Query giveBack(DSLContext context, Account account, long held) {
        if (account.kind() == Account.Kind.USER) {
            return context.update(Users.TABLE)
                    .set(Users.QUOTA, coalesce(Users.QUOTA, inline(0L)).plus(held))
                    .where(Users.ID.eq(account.id()));
        }
        return context.update(Tokens.TABLE)
                .set(
                        Tokens.REMAIN_QUOTA,
                        coalesce(Tokens.REMAIN_QUOTA, inline(0L)).plus(held))
                .where(Tokens.ID.eq(account.id()));
    }

    /** A transaction that is run again, leaving out what does not fit, when it has met that. */
    private <T> CompletionStage<T> fitting(String doing, Function<Misfits, T> work) {
        return run(doing, () -> {
            try {
                return work.apply(Misfits.END_IT);
            } catch (DatabaseException e) {
                if (e.reason() != DatabaseException.Reason.MISFIT) {
                    throw e;
                }
                LOG.error("a value does not fit into its column, see the warnings at start: {}", e.getMessage());
                return work.apply(Misfits.LEAVE_OUT);
            }
        });
    }

    private <T extends @Nullable Object> CompletionStage<T> transaction(String doing, Function<Agenda, T> work) {
        return run(doing, () -> database.converse(conversation -> work.apply(new Agenda(conversation))));
    }

    private <T extends @Nullable Object> CompletionStage<T> run(String doing, Supplier<T> work) {
        CompletableFuture<T> running;
        try {
            running = CompletableFuture.supplyAsync(work, worker);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(
                    new ExchangeFailure("could not " + doing + ": its thread was stopped", false, e));
        }
        return running.exceptionallyCompose(failure -> {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            return CompletableFuture.failedFuture(
                    new ExchangeFailure("could not " + doing + ": " + cause.getMessage(), true, cause));
        });
    }
}
