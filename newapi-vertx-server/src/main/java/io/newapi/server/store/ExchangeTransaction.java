package io.newapi.server.store;

import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.sum;

import io.newapi.core.quota.Account;
import io.newapi.core.quota.ExchangeDecision;
import io.newapi.core.quota.ExchangeDecision.Balance;
import io.newapi.core.quota.ExchangeDecision.Change;
import io.newapi.core.quota.ExchangeDecision.Elsewhere;
import io.newapi.core.quota.ExchangeDecision.Lease;
import io.newapi.core.quota.JournalEntry;
import io.newapi.core.quota.QuotaAuthority.Answer;
import io.newapi.core.quota.QuotaAuthority.Exchange;
import io.newapi.core.quota.QuotaAuthority.View;
import io.newapi.core.quota.QuotaAuthority.WriterState;
import io.newapi.server.store.LedgerTables.Writers;
import io.newapi.server.store.Tables.Channels;
import io.newapi.server.store.Tables.Leases;
import io.newapi.server.store.Tables.Tokens;
import io.newapi.server.store.Tables.Users;
import java.io.Serial;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One exchange, inside one write transaction: read what is booked, have it decided, write the differences and the new
 * position. Used once.
 */
final class ExchangeTransaction {

    private static final Logger LOG = LoggerFactory.getLogger(ExchangeTransaction.class);

    /** A balance cannot take what is given back to it: the exchange is to be decided again, without that. */
    static final class StuckReturn extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1;

        private final transient Account account;

        private StuckReturn(Account account) {
            super("the balance of the " + account + " cannot take what is given back", null, false, false);
            this.account = account;
        }

        Account account() {
            return account;
        }
    }

    private final DSLContext context;
    private final Exchange exchange;
    private final long attempt;
    private final Instant now;
    private final Misfits misfits;
    private final SuspenseAccount suspense;

    private final Map<Account, Long> held = new HashMap<>();
    private final Set<Account> recalled = new HashSet<>();
    private final Map<Account, Balance> balances = new HashMap<>();
    private final Set<Account> moved = new HashSet<>();

    /** @param attempt how often its writer has tried to exchange, this time included */
    ExchangeTransaction(DSLContext context, Exchange exchange, long attempt, Instant now, Misfits misfits) {
        this.context = context;
        this.attempt = attempt;
        this.exchange = exchange;
        this.now = now;
        this.misfits = misfits;
        this.suspense = new SuspenseAccount(context, now);
    }

    /**
     * Runs it.
     *
     * @throws StuckReturn only if misfits are left out; then nothing may be committed
     */
    Answer run() {
        Record writer = Dialect.locked(
                        context,
                        context.select(Writers.STATE, Writers.APPLIED_POS, Writers.EXCHANGE_NO, Writers.ROWS_APART)
                                .from(Writers.TABLE)
                                .where(Writers.WRITER_ID.eq(exchange.writer().hex())))
                .fetchOne();
        if (writer == null) {
            return new Answer(new View(WriterState.MISSING, 0, Map.of()), List.of(), Set.of());
        }
        SortedSet<Account> accounts = exchange.accounts();
        readLeases(accounts);
        readBalances(accounts);
        View before = new View(WriterStates.fromCode(writer.get(Writers.STATE)), writer.get(Writers.APPLIED_POS), held);
        ExchangeDecision decision =
                ExchangeDecision.of(exchange, before, recalled, balances, this::elsewhere, this::openWriters);
        decision.changes().forEach(this::writeBalance);
        decision.leases().forEach(this::writeLease);
        writeChannels(decision.booked());
        ConsumeLogs.Rows rows = ConsumeLogs.Rows.fromCode(writer.get(Writers.ROWS_APART));
        new ConsumeLogs(context, rows, misfits).write(decision.booked());
        context.update(Writers.TABLE)
                .set(Writers.EXCHANGE_NO, Math.max(attempt, writer.get(Writers.EXCHANGE_NO) + 1))
                .set(Writers.APPLIED_POS, decision.answer().view().appliedPosition())
                .where(Writers.WRITER_ID.eq(exchange.writer().hex()))
                .execute();
        return decision.answer();
    }

    // ---- reading ----

    private void readLeases(Set<Account> accounts) {
        Condition named = Leases.KIND
                .eq(Account.Kind.USER.code())
                .and(Leases.ACCOUNT_ID.in(ids(accounts, Account.Kind.USER)))
                .or(Leases.KIND
                        .eq(Account.Kind.TOKEN.code())
                        .and(Leases.ACCOUNT_ID.in(ids(accounts, Account.Kind.TOKEN))));
        Dialect.locked(
                        context,
                        context.select(Leases.KIND, Leases.ACCOUNT_ID, Leases.HELD, Leases.RECALL)
                                .from(Leases.TABLE)
                                .where(Leases.WRITER_ID.eq(exchange.writer().hex()))
                                .and(named.or(Leases.RECALL.eq(1)))
                                .orderBy(Leases.KIND, Leases.ACCOUNT_ID))
                .forEach(row -> {
                    Account account = new Account(Account.Kind.fromCode(row.value1()), row.value2());
                    held.put(account, row.value3());
                    if (row.value4() != 0) {
                        recalled.add(account);
                    }
                });
    }

    private void readBalances(Set<Account> accounts) {
        Dialect.locked(
                        context,
                        context.select(Users.ID, Users.QUOTA, Users.STATUS, Users.DELETED_AT)
                                .from(Users.TABLE)
                                .where(Users.ID.in(ids(accounts, Account.Kind.USER)))
                                .orderBy(Users.ID))
                .forEach(row -> balances.put(
                        Account.user(row.value1()),
                        new Balance(
                                Nulls.number(row, Users.QUOTA),
                                Nulls.code(row, Users.STATUS) == 1 && row.value4() == null)));
        Dialect.locked(
                        context,
                        context.select(Tokens.ID, Tokens.REMAIN_QUOTA, Tokens.STATUS, Tokens.DELETED_AT)
                                .from(Tokens.TABLE)
                                .where(Tokens.ID.in(ids(accounts, Account.Kind.TOKEN)))
                                .orderBy(Tokens.ID))
                .forEach(row -> balances.put(
                        Account.token(row.value1()),
                        new Balance(
                                Nulls.number(row, Tokens.REMAIN_QUOTA),
                                Nulls.code(row, Tokens.STATUS) == 1 && row.value4() == null)));
    }

    private static List<Long> ids(Collection<Account> accounts, Account.Kind kind) {
        return accounts.stream()
                .filter(account -> account.kind() == kind)
                .map(Account::id)
                .sorted()
                .toList();
    }

    private int openWriters() {
        return context.select(count())
                .from(Writers.TABLE)
                .where(Writers.STATE.eq(WriterStates.code(WriterState.OPEN)))
                .fetchSingle(0, int.class);
    }

    private Elsewhere elsewhere(Account account) {
        var others = context.select(
                        coalesce(sum(Leases.HELD), inline(BigDecimal.ZERO)),
                        coalesce(sum(Leases.RECALL), inline(BigDecimal.ZERO)))
                .from(Leases.TABLE)
                .where(Leases.KIND.eq(account.kind().code()))
                .and(Leases.ACCOUNT_ID.eq(account.id()))
                .and(Leases.WRITER_ID.ne(exchange.writer().hex()))
                .fetchSingle();
        return new Elsewhere(others.value1().longValueExact(), others.value2().signum() > 0);
    }

    // ---- writing: users by id, tokens by id, leases, channels by id ----

    /** Whose balances have changed; complete when {@link #run} has ended. */
    Set<Account> moved() {
        return moved;
    }

    private void writeBalance(Account account, Change change) {
        if (change.balanceUnits() != 0) {
            moved.add(account);
        }
        int[] matched = new int[1];
        if (!misfits.fits(context, () -> matched[0] = update(account, change))) {
            writeSeparately(account, change);
        } else if (matched[0] == 0 && change.balanceUnits() != 0) {
            suspense.book(exchange.writer(), account, change.balanceUnits(), "the " + account + " does not exist");
        }
    }

    /** Figure by figure, because the row as a whole does not take them: one that is full must not keep the others away. */
    private void writeSeparately(Account account, Change change) {
        if (!misfits.fits(context, () -> update(account, new Change(change.balanceUnits(), 0, 0)))) {
            if (exchange.returns().getOrDefault(account, 0L) > 0) {
                throw new StuckReturn(account);
            }
            suspense.book(
                    exchange.writer(),
                    account,
                    change.balanceUnits(),
                    "the balance of the " + account + " cannot take it");
        }
        if (!misfits.fits(context, () -> update(account, new Change(0, change.spentUnits(), 0)))) {
            suspense.book(
                    exchange.writer(),
                    account,
                    -change.spentUnits(),
                    "the " + account + " has paid, but its use cannot grow");
        }
        // only a statistic
        if (!misfits.fits(context, () -> update(account, new Change(0, 0, change.requests())))) {
            LOG.error("the requests of the {} are no longer counted: the column is full", account);
        }
    }

    private int update(Account account, Change change) {
        return account.kind() == Account.Kind.USER
                ? updateUser(account.id(), change)
                : updateToken(account.id(), change);
    }

    private int updateUser(long id, Change change) {
        return context.update(Users.TABLE)
                .set(Users.QUOTA, orZero(Users.QUOTA).plus(change.balanceUnits()))
                .set(Users.USED_QUOTA, orZero(Users.USED_QUOTA).plus(change.spentUnits()))
                .set(Users.REQUEST_COUNT, orZero(Users.REQUEST_COUNT).plus(change.requests()))
                .where(Users.ID.eq(id))
                .execute();
    }

    private int updateToken(long id, Change change) {
        return context.update(Tokens.TABLE)
                .set(Tokens.REMAIN_QUOTA, orZero(Tokens.REMAIN_QUOTA).plus(change.balanceUnits()))
                .set(Tokens.USED_QUOTA, orZero(Tokens.USED_QUOTA).plus(change.spentUnits()))
                .set(Tokens.ACCESSED_TIME, change.requests() > 0 ? inline(now.getEpochSecond()) : Tokens.ACCESSED_TIME)
                .where(Tokens.ID.eq(id))
                .execute();
    }

    private void writeLease(Account account, Lease lease) {
        Condition row = Leases.WRITER_ID
                .eq(exchange.writer().hex())
                .and(Leases.KIND.eq(account.kind().code()))
                .and(Leases.ACCOUNT_ID.eq(account.id()));
        if (lease.heldUnits() == 0) {
            context.deleteFrom(Leases.TABLE).where(row).execute();
        } else if (lease.isNew()) {
            context.insertInto(Leases.TABLE)
                    .set(Leases.WRITER_ID, exchange.writer().hex())
                    .set(Leases.KIND, account.kind().code())
                    .set(Leases.ACCOUNT_ID, account.id())
                    .set(Leases.HELD, lease.heldUnits())
                    .set(Leases.RECALL, 0)
                    .execute();
        } else {
            context.update(Leases.TABLE)
                    .set(Leases.HELD, lease.heldUnits())
                    .set(Leases.RECALL, lease.recallAnswered() ? inline(0) : Leases.RECALL)
                    .where(row)
                    .execute();
        }
    }

    private void writeChannels(List<JournalEntry> booked) {
        SortedMap<Long, Long> spent = new TreeMap<>();
        for (JournalEntry entry : booked) {
            if (entry.settlement().channelId() > 0) {
                spent.merge(entry.settlement().channelId(), entry.units(), Math::addExact);
            }
        }
        spent.forEach((id, units) -> {
            if (!misfits.fits(context, () -> updateChannel(id, units))) {
                suspense.bookChannel(exchange.writer(), id, -units, "what channel " + id + " has served cannot grow");
            }
        });
    }

    private void updateChannel(long id, long units) {
        context.update(Channels.TABLE)
                .set(Channels.USED_QUOTA, orZero(Channels.USED_QUOTA).plus(units))
                .where(Channels.ID.eq(id))
                .execute();
    }

    private static Field<Long> orZero(Field<Long> column) {
        return coalesce(column, inline(0L));
    }
}
