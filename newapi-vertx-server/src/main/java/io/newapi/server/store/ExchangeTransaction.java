package io.newapi.server.store;

import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.sum;

import io.newapi.core.quota.Account;
import io.newapi.core.quota.JournalEntry;
import io.newapi.core.quota.Payer;
import io.newapi.core.quota.QuotaAuthority.Answer;
import io.newapi.core.quota.QuotaAuthority.Exchange;
import io.newapi.core.quota.QuotaAuthority.GrantRequest;
import io.newapi.core.quota.QuotaAuthority.Shortfall;
import io.newapi.core.quota.QuotaAuthority.Verdict;
import io.newapi.core.quota.QuotaAuthority.View;
import io.newapi.core.quota.QuotaAuthority.WriterState;
import io.newapi.core.quota.Slice;
import io.newapi.server.store.LedgerTables.Writers;
import io.newapi.server.store.Tables.Channels;
import io.newapi.server.store.Tables.Leases;
import io.newapi.server.store.Tables.Tokens;
import io.newapi.server.store.Tables.Users;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One exchange, inside one write transaction: read what is booked, decide in memory, write the differences and the new
 * position. Used once.
 */
final class ExchangeTransaction {

    private static final Logger LOG = LoggerFactory.getLogger(ExchangeTransaction.class);

    /** What a balance row says. */
    private record Row(long balance, boolean chargeable) {}

    /** What other writers hold of an account. */
    private record Elsewhere(long held, boolean recallPending) {}

    /** Statistics that grow by what is booked. */
    private static final class Spent {
        private long units;
        private long requests;

        private void add(long moreUnits, long moreRequests) {
            units = Math.addExact(units, moreUnits);
            requests += moreRequests;
        }

        private Spent unitsOnly() {
            Spent part = new Spent();
            part.units = units;
            return part;
        }

        private Spent requestsOnly() {
            Spent part = new Spent();
            part.requests = requests;
            return part;
        }
    }

    private final DSLContext context;
    private final Exchange exchange;
    private final long attempt;
    private final Instant now;

    private final Set<Account> accounts = new HashSet<>();
    private final Map<Account, Long> held = new HashMap<>();
    private final Map<Account, Long> heldBefore = new HashMap<>();
    private final Set<Account> recalled = new HashSet<>();
    private final Map<Account, Row> rows = new HashMap<>();
    private final Map<Account, Elsewhere> elsewhere = new HashMap<>();
    private final Map<Account, Long> balanceChange = new TreeMap<>();
    private final Map<Account, Spent> spent = new TreeMap<>();
    private final Map<Long, Long> channelSpent = new TreeMap<>();
    private final List<JournalEntry> booked = new ArrayList<>();
    private final Map<Account, Long> takenBack = new HashMap<>();
    private final Misfits misfits;
    private final SuspenseAccount suspense;
    private int openWriters;

    /** @param attempt how often its writer has tried to exchange, this time included */
    ExchangeTransaction(DSLContext context, Exchange exchange, long attempt, Instant now, Misfits misfits) {
        this.context = context;
        this.attempt = attempt;
        this.exchange = exchange;
        this.now = now;
        this.misfits = misfits;
        this.suspense = new SuspenseAccount(context, now);
    }

    /** @param rows where the log rows of what is booked belong */
    Answer run(ConsumeLogs.Rows rows) {
        Record writer = Dialect.locked(
                        context,
                        context.select(Writers.STATE, Writers.APPLIED_POS, Writers.EXCHANGE_NO)
                                .from(Writers.TABLE)
                                .where(Writers.WRITER_ID.eq(exchange.writer().hex())))
                .fetchOne();
        if (writer == null) {
            return new Answer(new View(WriterState.MISSING, 0, Map.of()), List.of(), Set.of());
        }
        WriterState state = WriterStates.fromCode(writer.get(Writers.STATE));
        collectAccounts();
        readLeases();
        readBalances();
        long position = book(writer.get(Writers.APPLIED_POS));
        List<Verdict> verdicts = new ArrayList<>();
        if (state == WriterState.OPEN) {
            exchange.returns().forEach(this::takeBack);
            exchange.requests().forEach(request -> verdicts.add(grant(request)));
        }
        writeBalances();
        writeLeases();
        writeChannels();
        new ConsumeLogs(context, rows, misfits).write(booked);
        context.update(Writers.TABLE)
                .set(Writers.EXCHANGE_NO, Math.max(attempt, writer.get(Writers.EXCHANGE_NO) + 1))
                .set(Writers.APPLIED_POS, position)
                .where(Writers.WRITER_ID.eq(exchange.writer().hex()))
                .execute();
        Map<Account, Long> reported = new HashMap<>(held);
        reported.keySet().retainAll(exchange.touched());
        return new Answer(new View(state, position, reported), verdicts, recalled);
    }

    // ---- reading ----

    private void collectAccounts() {
        accounts.addAll(exchange.touched());
        accounts.addAll(exchange.returns().keySet());
        for (GrantRequest request : exchange.requests()) {
            accounts.add(request.user().account());
            request.token().ifPresent(token -> accounts.add(token.account()));
        }
        for (JournalEntry entry : exchange.entries()) {
            accounts.add(entry.payer().userAccount());
            if (entry.payer().tokenId() > 0) {
                accounts.add(Account.token(entry.payer().tokenId()));
            }
        }
    }

    private void readLeases() {
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
                    heldBefore.put(account, row.value3());
                    if (row.value4() != 0) {
                        recalled.add(account);
                    }
                });
    }

    private void readBalances() {
        Dialect.locked(
                        context,
                        context.select(Users.ID, Users.QUOTA, Users.STATUS, Users.DELETED_AT)
                                .from(Users.TABLE)
                                .where(Users.ID.in(ids(accounts, Account.Kind.USER)))
                                .orderBy(Users.ID))
                .forEach(row -> rows.put(
                        Account.user(row.value1()),
                        new Row(
                                Nulls.number(row, Users.QUOTA),
                                Nulls.code(row, Users.STATUS) == 1 && row.value4() == null)));
        Dialect.locked(
                        context,
                        context.select(Tokens.ID, Tokens.REMAIN_QUOTA, Tokens.STATUS, Tokens.DELETED_AT)
                                .from(Tokens.TABLE)
                                .where(Tokens.ID.in(ids(accounts, Account.Kind.TOKEN)))
                                .orderBy(Tokens.ID))
                .forEach(row -> rows.put(
                        Account.token(row.value1()),
                        new Row(
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

    // ---- deciding ----

    /** Books the entries behind {@code applied}; returns the new position. */
    private long book(long applied) {
        long position = applied;
        for (int i = 0; i < exchange.entries().size(); i++) {
            long end = exchange.positions().get(i);
            if (end > position) {
                book(exchange.entries().get(i));
                position = end;
            }
        }
        return position;
    }

    private void book(JournalEntry entry) {
        booked.add(entry);
        Payer payer = entry.payer();
        int requests = entry.settlement().requests();
        charge(payer.userAccount(), entry.units(), true);
        spent.computeIfAbsent(payer.userAccount(), first -> new Spent()).add(entry.units(), requests);
        if (payer.share() != Payer.TokenShare.NONE) {
            Account token = Account.token(payer.tokenId());
            charge(token, entry.units(), payer.share() == Payer.TokenShare.LIMITED);
            spent.computeIfAbsent(token, first -> new Spent()).add(entry.units(), requests);
        }
        if (entry.settlement().channelId() > 0) {
            channelSpent.merge(entry.settlement().channelId(), entry.units(), Math::addExact);
        }
    }

    /** What is spent comes out of the lease first; what the lease does not cover, out of the balance. */
    private void charge(Account account, long units, boolean leased) {
        long fromLease = leased ? Math.min(held.getOrDefault(account, 0L), units) : 0;
        hold(account, -fromLease);
        change(account, fromLease - units);
    }

    private void takeBack(Account account, long offered) {
        long units = Math.min(offered, held.getOrDefault(account, 0L));
        hold(account, -units);
        change(account, units);
        takenBack.put(account, units);
        recalled.remove(account);
    }

    private Verdict grant(GrantRequest request) {
        List<Shortfall> shortfalls = new ArrayList<>(2);
        shortfalls.add(request.user());
        request.token().ifPresent(shortfalls::add);
        shortfalls.removeIf(shortfall -> shortfall.units() == 0);
        for (Shortfall shortfall : shortfalls) {
            Row row = rows.get(shortfall.account());
            if (row == null || !row.chargeable()) {
                return new Verdict.Closed(shortfall.account());
            }
            if (balance(shortfall.account()) < shortfall.units()) {
                Elsewhere others = elsewhere(shortfall.account());
                return new Verdict.Insufficient(
                        shortfall.account(), balance(shortfall.account()), others.held(), others.recallPending());
            }
        }
        for (Shortfall shortfall : shortfalls) {
            long slice = Slice.size(shortfall, balance(shortfall.account()), openWriters());
            hold(shortfall.account(), slice);
            change(shortfall.account(), -slice);
        }
        return new Verdict.Granted();
    }

    private long balance(Account account) {
        Row row = rows.get(account);
        return Math.addExact(row == null ? 0 : row.balance(), balanceChange.getOrDefault(account, 0L));
    }

    private void hold(Account account, long change) {
        if (change != 0) {
            held.merge(account, change, Math::addExact);
        }
    }

    private void change(Account account, long units) {
        if (units != 0) {
            balanceChange.merge(account, units, Math::addExact);
        }
    }

    private int openWriters() {
        if (openWriters == 0) {
            openWriters = context.select(count())
                    .from(Writers.TABLE)
                    .where(Writers.STATE.eq(WriterStates.code(WriterState.OPEN)))
                    .fetchSingle(0, int.class);
        }
        return openWriters;
    }

    /** Many callers may fall short of one account: it is looked up once. */
    private Elsewhere elsewhere(Account account) {
        return elsewhere.computeIfAbsent(account, this::readElsewhere);
    }

    private Elsewhere readElsewhere(Account account) {
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

    private void writeBalances() {
        Set<Account> changed = new TreeSet<>(balanceChange.keySet());
        changed.addAll(spent.keySet());
        for (Account account : changed) {
            long change = balanceChange.getOrDefault(account, 0L);
            Spent used = spent.getOrDefault(account, new Spent());
            int[] matched = new int[1];
            if (!misfits.fits(() -> matched[0] = update(account, change, used))) {
                writeSeparately(account, change, used);
            } else if (matched[0] == 0 && change != 0) {
                suspense.book(exchange.writer(), account, change, "the " + account + " does not exist");
            }
        }
    }

    /** Figure by figure, because the row as a whole does not take them: one that is full must not keep the others away. */
    private void writeSeparately(Account account, long change, Spent used) {
        Spent none = new Spent();
        if (!misfits.fits(() -> update(account, change, none))) {
            long returned = takenBack.getOrDefault(account, 0L);
            long rest = change - returned;
            // what was to be given back stays leased until the column is repaired
            hold(account, returned);
            if (rest != 0 && (returned == 0 || !misfits.fits(() -> update(account, rest, none)))) {
                suspense.book(exchange.writer(), account, rest, "the balance of the " + account + " cannot take it");
            }
        }
        if (used.units != 0 && !misfits.fits(() -> update(account, 0, used.unitsOnly()))) {
            suspense.book(
                    exchange.writer(), account, -used.units, "the " + account + " has paid, but its use cannot grow");
        }
        // only a statistic
        if (!misfits.fits(() -> update(account, 0, used.requestsOnly()))) {
            LOG.error("the requests of the {} are no longer counted: the column is full", account);
        }
    }

    private int update(Account account, long change, Spent used) {
        return account.kind() == Account.Kind.USER
                ? updateUser(account.id(), change, used)
                : updateToken(account.id(), change, used);
    }

    private int updateUser(long id, long change, Spent used) {
        return context.update(Users.TABLE)
                .set(Users.QUOTA, orZero(Users.QUOTA).plus(change))
                .set(Users.USED_QUOTA, orZero(Users.USED_QUOTA).plus(used.units))
                .set(Users.REQUEST_COUNT, orZero(Users.REQUEST_COUNT).plus(used.requests))
                .where(Users.ID.eq(id))
                .execute();
    }

    private int updateToken(long id, long change, Spent used) {
        return context.update(Tokens.TABLE)
                .set(Tokens.REMAIN_QUOTA, orZero(Tokens.REMAIN_QUOTA).plus(change))
                .set(Tokens.USED_QUOTA, orZero(Tokens.USED_QUOTA).plus(used.units))
                .set(Tokens.ACCESSED_TIME, used.requests > 0 ? inline(now.getEpochSecond()) : Tokens.ACCESSED_TIME)
                .where(Tokens.ID.eq(id))
                .execute();
    }

    private void writeLeases() {
        for (Map.Entry<Account, Long> lease : new TreeMap<>(held).entrySet()) {
            Account account = lease.getKey();
            boolean answered = exchange.returns().containsKey(account);
            boolean same = lease.getValue().equals(heldBefore.get(account));
            if (same && !answered) {
                continue;
            }
            Condition row = Leases.WRITER_ID
                    .eq(exchange.writer().hex())
                    .and(Leases.KIND.eq(account.kind().code()))
                    .and(Leases.ACCOUNT_ID.eq(account.id()));
            if (lease.getValue() == 0) {
                context.deleteFrom(Leases.TABLE).where(row).execute();
            } else if (heldBefore.containsKey(account)) {
                context.update(Leases.TABLE)
                        .set(Leases.HELD, lease.getValue())
                        .set(Leases.RECALL, answered ? inline(0) : Leases.RECALL)
                        .where(row)
                        .execute();
            } else {
                context.insertInto(Leases.TABLE)
                        .set(Leases.WRITER_ID, exchange.writer().hex())
                        .set(Leases.KIND, account.kind().code())
                        .set(Leases.ACCOUNT_ID, account.id())
                        .set(Leases.HELD, lease.getValue())
                        .set(Leases.RECALL, 0)
                        .execute();
            }
        }
    }

    private void writeChannels() {
        channelSpent.forEach((id, units) -> {
            if (!misfits.fits(() -> updateChannel(id, units))) {
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
