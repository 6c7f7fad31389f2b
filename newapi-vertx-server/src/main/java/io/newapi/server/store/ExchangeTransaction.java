package io.newapi.server.store;

import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.sum;
import static org.jooq.impl.DSL.val;

import io.newapi.core.quota.Account;
import io.newapi.core.quota.ExchangeDecision;
import io.newapi.core.quota.ExchangeDecision.Balance;
import io.newapi.core.quota.ExchangeDecision.Change;
import io.newapi.core.quota.ExchangeDecision.Elsewhere;
import io.newapi.core.quota.ExchangeDecision.Lease;
import io.newapi.core.quota.JournalEntry;
import io.newapi.core.quota.QuotaAuthority.Answer;
import io.newapi.core.quota.QuotaAuthority.Exchange;
import io.newapi.core.quota.QuotaAuthority.GrantRequest;
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
import org.jooq.Query;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One exchange, inside one write transaction: read what is booked, have it decided, write the differences and the new
 * position. It is spoken in stages: one that locks and reads, mostly one that writes, and more only for what is rare. Used
 * once.
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

    private final Agenda agenda;
    private final DSLContext context;
    private final Exchange exchange;
    private final long attempt;
    private final Instant now;
    private final Misfits misfits;
    private final SuspenseAccount suspense;
    private final ConsumeLogs logs;

    private final Map<Account, Long> held = new HashMap<>();
    private final Set<Account> recalled = new HashSet<>();
    private final Map<Account, Balance> balances = new HashMap<>();
    private final Set<Account> moved = new HashSet<>();
    private @Nullable Record writer;
    private int openWriters;
    private @Nullable Map<Account, Elsewhere> elsewhere;

    /** @param attempt how often its writer has tried to exchange, this time included */
    ExchangeTransaction(Conversation conversation, Exchange exchange, long attempt, Instant now, Misfits misfits) {
        this.agenda = new Agenda(conversation);
        this.context = conversation.context();
        this.attempt = attempt;
        this.exchange = exchange;
        this.now = now;
        this.misfits = misfits;
        this.suspense = new SuspenseAccount(context, now);
        this.logs = new ConsumeLogs(agenda, exchange.entries(), misfits);
    }

    /**
     * Runs it.
     *
     * @throws StuckReturn only if misfits are left out; then nothing may be committed
     */
    Answer run() {
        SortedSet<Account> accounts = exchange.accounts();
        readWriter();
        readLeases(accounts);
        readBalances(accounts);
        if (!exchange.requests().isEmpty()) {
            countOpenWriters();
        }
        // the user's row, which is locked by now, keeps others from them
        logs.lookUp();
        agenda.settle();
        if (writer == null) {
            return new Answer(new View(WriterState.MISSING, 0, Map.of()), List.of(), Set.of());
        }
        return write(writer);
    }

    private Answer write(Record writer) {
        View before = new View(WriterStates.fromCode(writer.get(Writers.STATE)), writer.get(Writers.APPLIED_POS), held);
        ExchangeDecision decision =
                ExchangeDecision.of(exchange, before, recalled, balances, this::elsewhere, () -> openWriters);
        decision.changes().forEach(this::writeBalance);
        decision.leases().forEach(this::writeLease);
        writeChannels(decision.booked());
        logs.write(decision.booked(), ConsumeLogs.Rows.fromCode(writer.get(Writers.ROWS_APART)));
        agenda.add(context.update(Writers.TABLE)
                .set(Writers.EXCHANGE_NO, Math.max(attempt, writer.get(Writers.EXCHANGE_NO) + 1))
                .set(Writers.APPLIED_POS, decision.answer().view().appliedPosition())
                .where(Writers.WRITER_ID.eq(exchange.writer().hex())));
        agenda.settle();
        return decision.answer();
    }

    // ---- reading ----

    private void readWriter() {
        agenda.ask(
                Dialect.locked(
                        context,
                        context.select(Writers.STATE, Writers.APPLIED_POS, Writers.EXCHANGE_NO, Writers.ROWS_APART)
                                .from(Writers.TABLE)
                                .where(Writers.WRITER_ID.eq(exchange.writer().hex()))),
                rows -> rows.forEach(row -> writer = row));
    }

    private void readLeases(Set<Account> accounts) {
        agenda.ask(
                Dialect.locked(
                        context,
                        context.select(Leases.KIND, Leases.ACCOUNT_ID, Leases.HELD, Leases.RECALL)
                                .from(Leases.TABLE)
                                .where(Leases.WRITER_ID.eq(exchange.writer().hex()))
                                .and(ofAccounts(accounts).or(Leases.RECALL.eq(1)))
                                .orderBy(Leases.KIND, Leases.ACCOUNT_ID)),
                rows -> rows.forEach(row -> {
                    Account account = new Account(Account.Kind.fromCode(row.value1()), row.value2());
                    held.put(account, row.value3());
                    if (row.value4() != 0) {
                        recalled.add(account);
                    }
                }));
    }

    private static Condition ofAccounts(Set<Account> accounts) {
        return Leases.KIND
                .eq(Account.Kind.USER.code())
                .and(Leases.ACCOUNT_ID.in(ids(accounts, Account.Kind.USER)))
                .or(Leases.KIND
                        .eq(Account.Kind.TOKEN.code())
                        .and(Leases.ACCOUNT_ID.in(ids(accounts, Account.Kind.TOKEN))));
    }

    private void readBalances(Set<Account> accounts) {
        agenda.ask(
                Dialect.locked(
                        context,
                        context.select(Users.ID, Users.QUOTA, Users.STATUS, Users.DELETED_AT)
                                .from(Users.TABLE)
                                .where(Users.ID.in(ids(accounts, Account.Kind.USER)))
                                .orderBy(Users.ID)),
                rows -> rows.forEach(row -> balances.put(
                        Account.user(row.value1()),
                        new Balance(
                                Nulls.number(row, Users.QUOTA),
                                Nulls.code(row, Users.STATUS) == 1 && row.value4() == null))));
        agenda.ask(
                Dialect.locked(
                        context,
                        context.select(Tokens.ID, Tokens.REMAIN_QUOTA, Tokens.STATUS, Tokens.DELETED_AT)
                                .from(Tokens.TABLE)
                                .where(Tokens.ID.in(ids(accounts, Account.Kind.TOKEN)))
                                .orderBy(Tokens.ID)),
                rows -> rows.forEach(row -> balances.put(
                        Account.token(row.value1()),
                        new Balance(
                                Nulls.number(row, Tokens.REMAIN_QUOTA),
                                Nulls.code(row, Tokens.STATUS) == 1 && row.value4() == null))));
    }

    private static List<Long> ids(Collection<Account> accounts, Account.Kind kind) {
        return accounts.stream()
                .filter(account -> account.kind() == kind)
                .map(Account::id)
                .sorted()
                .toList();
    }

    private void countOpenWriters() {
        agenda.ask(
                context.select(count())
                        .from(Writers.TABLE)
                        .where(Writers.STATE.eq(WriterStates.code(WriterState.OPEN))),
                rows -> openWriters = rows.get(0).value1());
    }

    /** One short account is seldom alone, so all that are asked for are looked up at once. */
    private Elsewhere elsewhere(Account account) {
        Map<Account, Elsewhere> known = elsewhere;
        if (known == null) {
            known = lookElsewhere();
            elsewhere = known;
        }
        return known.getOrDefault(account, new Elsewhere(0, false));
    }

    private Map<Account, Elsewhere> lookElsewhere() {
        Set<Account> wanted = new HashSet<>();
        for (GrantRequest request : exchange.requests()) {
            wanted.add(request.user().account());
            request.token().ifPresent(token -> wanted.add(token.account()));
        }
        Map<Account, Elsewhere> found = new HashMap<>();
        agenda.ask(
                context.select(
                                Leases.KIND,
                                Leases.ACCOUNT_ID,
                                coalesce(sum(Leases.HELD), inline(BigDecimal.ZERO)),
                                coalesce(sum(Leases.RECALL), inline(BigDecimal.ZERO)))
                        .from(Leases.TABLE)
                        .where(ofAccounts(wanted))
                        .and(Leases.WRITER_ID.ne(exchange.writer().hex()))
                        .groupBy(Leases.KIND, Leases.ACCOUNT_ID),
                rows -> rows.forEach(row -> found.put(
                        new Account(Account.Kind.fromCode(row.value1()), row.value2()),
                        new Elsewhere(
                                row.value3().longValueExact(), row.value4().signum() > 0))));
        agenda.settle();
        return found;
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
        agenda.add(
                update(account, change),
                misfits,
                matched -> {
                    if (matched == 0 && change.balanceUnits() != 0) {
                        suspend(account, change.balanceUnits(), "the " + account + " does not exist");
                    }
                },
                () -> writeSeparately(account, change));
    }

    /** Figure by figure, because the row as a whole does not take them: one that is full must not keep the others away. */
    private void writeSeparately(Account account, Change change) {
        agenda.add(update(account, new Change(change.balanceUnits(), 0, 0)), misfits, () -> {
            if (exchange.returns().getOrDefault(account, 0L) > 0) {
                throw new StuckReturn(account);
            }
            suspend(account, change.balanceUnits(), "the balance of the " + account + " cannot take it");
        });
        agenda.add(
                update(account, new Change(0, change.spentUnits(), 0)),
                misfits,
                () -> suspend(account, -change.spentUnits(), "the " + account + " has paid, but its use cannot grow"));
        // only a statistic
        agenda.add(
                update(account, new Change(0, 0, change.requests())),
                misfits,
                () -> LOG.error("the requests of the {} are no longer counted: the column is full", account));
    }

    private void suspend(Account account, long units, String reason) {
        agenda.add(suspense.book(exchange.writer(), account, units, reason));
    }

    private Query update(Account account, Change change) {
        return account.kind() == Account.Kind.USER
                ? updateUser(account.id(), change)
                : updateToken(account.id(), change);
    }

    private Query updateUser(long id, Change change) {
        return context.update(Users.TABLE)
                .set(Users.QUOTA, orZero(Users.QUOTA).plus(change.balanceUnits()))
                .set(Users.USED_QUOTA, orZero(Users.USED_QUOTA).plus(change.spentUnits()))
                .set(Users.REQUEST_COUNT, orZero(Users.REQUEST_COUNT).plus(change.requests()))
                .where(Users.ID.eq(id));
    }

    private Query updateToken(long id, Change change) {
        return context.update(Tokens.TABLE)
                .set(Tokens.REMAIN_QUOTA, orZero(Tokens.REMAIN_QUOTA).plus(change.balanceUnits()))
                .set(Tokens.USED_QUOTA, orZero(Tokens.USED_QUOTA).plus(change.spentUnits()))
                .set(Tokens.ACCESSED_TIME, change.requests() > 0 ? val(now.getEpochSecond()) : Tokens.ACCESSED_TIME)
                .where(Tokens.ID.eq(id));
    }

    private void writeLease(Account account, Lease lease) {
        Condition row = Leases.WRITER_ID
                .eq(exchange.writer().hex())
                .and(Leases.KIND.eq(account.kind().code()))
                .and(Leases.ACCOUNT_ID.eq(account.id()));
        if (lease.heldUnits() == 0) {
            agenda.add(context.deleteFrom(Leases.TABLE).where(row));
        } else if (lease.isNew()) {
            agenda.add(context.insertInto(Leases.TABLE)
                    .set(Leases.WRITER_ID, exchange.writer().hex())
                    .set(Leases.KIND, account.kind().code())
                    .set(Leases.ACCOUNT_ID, account.id())
                    .set(Leases.HELD, lease.heldUnits())
                    .set(Leases.RECALL, 0));
        } else {
            agenda.add(context.update(Leases.TABLE)
                    .set(Leases.HELD, lease.heldUnits())
                    .set(Leases.RECALL, lease.recallAnswered() ? inline(0) : Leases.RECALL)
                    .where(row));
        }
    }

    private void writeChannels(List<JournalEntry> booked) {
        SortedMap<Long, Long> spent = new TreeMap<>();
        for (JournalEntry entry : booked) {
            if (entry.settlement().channelId() > 0) {
                spent.merge(entry.settlement().channelId(), entry.units(), Math::addExact);
            }
        }
        spent.forEach((id, units) -> agenda.add(
                updateChannel(id, units),
                misfits,
                () -> agenda.add(suspense.bookChannel(
                        exchange.writer(), id, -units, "what channel " + id + " has served cannot grow"))));
    }

    private Query updateChannel(long id, long units) {
        return context.update(Channels.TABLE)
                .set(Channels.USED_QUOTA, orZero(Channels.USED_QUOTA).plus(units))
                .where(Channels.ID.eq(id));
    }

    private static Field<Long> orZero(Field<Long> column) {
        return coalesce(column, inline(0L));
    }
}
