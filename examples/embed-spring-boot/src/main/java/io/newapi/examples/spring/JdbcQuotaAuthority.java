package io.newapi.examples.spring;

import io.newapi.core.quota.Account;
import io.newapi.core.quota.ExchangeDecision;
import io.newapi.core.quota.ExchangeDecision.Balance;
import io.newapi.core.quota.ExchangeDecision.Elsewhere;
import io.newapi.core.quota.ExchangeDecision.Lease;
import io.newapi.core.quota.LedgerTransactions;
import io.newapi.core.quota.QuotaAuthority;
import io.newapi.core.quota.WriterId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Balances in the application's own tables (schema.sql), on any database that locks rows. Every step is one transaction,
 * which locks the writer's row first, then its leases and then the balances, in the order of accounts. Thread-safe.
 */
record JdbcQuotaAuthority(JdbcClient jdbc, LedgerTransactions transactions) implements QuotaAuthority {

    @Override
    public CompletionStage<Void> register(WriterId writer) {
        return transactions.run(() -> update("insert into ledger_writers values (?, 'OPEN', 0, 0)", writer.hex()));
    }

    @Override
    public CompletionStage<Answer> exchange(Exchange exchange) {
        return transactions.call(() -> {
            String writer = exchange.writer().hex();
            View before = lock(writer);
            Map<Account, Balance> balances = new HashMap<>();
            exchange.accounts().forEach(account -> lock(account, balances));
            ExchangeDecision decision = ExchangeDecision.of(
                    exchange, before, recalled(writer), balances, one -> elsewhere(one, writer), this::openWriters);
            decision.changes().forEach((account, it) -> add(account, it.balanceUnits(), it.spentUnits()));
            decision.leases().forEach((account, lease) -> write(writer, account, lease));
            long position = decision.answer().view().appliedPosition();
            update("update ledger_writers set applied_pos = ? where id = ?", position, writer);
            return decision.answer();
        });
    }

    @Override
    public CompletionStage<View> resync(WriterId writer, Set<Account> accounts) {
        return transactions.call(() -> lock(writer.hex()));
    }

    @Override
    public CompletionStage<Void> recall(WriterId asking, Set<Account> accounts) {
        String ask = "update leases set recall = true where kind = ? and id = ? and writer <> ?";
        return transactions.run(() -> new TreeSet<>(accounts)
                .forEach(account -> update(ask, account.kind().code(), account.id(), asking.hex())));
    }

    @Override
    public CompletionStage<View> beginClose(WriterId writer) {
        return transactions.call(() -> {
            update("update ledger_writers set state = 'CLOSING' where id = ? and state = 'OPEN'", writer.hex());
            return lock(writer.hex());
        });
    }

    @Override
    public CompletionStage<Void> finishClose(WriterId writer) {
        return transactions.run(() -> {
            new TreeMap<>(lock(writer.hex()).held()).forEach((account, units) -> add(account, units, 0));
            update("delete from leases where writer = ?", writer.hex());
            update("update ledger_writers set state = 'CLOSED' where id = ?", writer.hex());
        });
    }

    /** Locks by writing: so every transaction ends with a commit that proves that what it read is there to stay. */
    private View lock(String writer) {
        update("update ledger_writers set steps = steps + 1 where id = ?", writer);
        Map<Account, Long> held = new HashMap<>();
        jdbc.sql("select kind, id, held from leases where writer = ? order by kind, id for update")
                .param(writer)
                .query((RowCallbackHandler) row -> held.put(account(row), row.getLong("held")));
        return jdbc.sql("select state, applied_pos from ledger_writers where id = ?")
                .param(writer)
                .query((row, n) -> new View(WriterState.valueOf(row.getString(1)), row.getLong(2), held))
                .optional()
                .orElse(new View(WriterState.MISSING, 0, held));
    }

    private void lock(Account account, Map<Account, Balance> found) {
        jdbc.sql("select units, chargeable from accounts where kind = ? and id = ? for update")
                .params(account.kind().code(), account.id())
                .query((RowCallbackHandler) row -> found.put(account, new Balance(row.getLong(1), row.getBoolean(2))));
    }

    private Set<Account> recalled(String writer) {
        String sql = "select kind, id from leases where writer = ? and recall";
        return jdbc.sql(sql).param(writer).query((row, n) -> account(row)).set();
    }

    private Elsewhere elsewhere(Account account, String writer) {
        String sql = "select coalesce(sum(held), 0) as held_units, coalesce(bool_or(recall), false) as recall_pending"
                + " from leases where kind = ? and id = ? and writer <> ?";
        var others = jdbc.sql(sql).params(account.kind().code(), account.id(), writer);
        return others.query(Elsewhere.class).single();
    }

    private int openWriters() {
        String sql = "select count(*) from ledger_writers where state = 'OPEN'";
        return jdbc.sql(sql).query(Integer.class).single();
    }

    /** What an account that is not there was charged is kept, on one from which nobody can spend. */
    private void add(Account account, long units, long spent) {
        Object[] row = {units, spent, account.kind().code(), account.id()};
        if (update("update accounts set units = units + ?, spent = spent + ? where kind = ? and id = ?", row) == 0) {
            update("insert into accounts (units, spent, kind, id, chargeable) values (?, ?, ?, ?, false)", row);
        }
    }

    private void write(String writer, Account account, Lease now) {
        int kind = account.kind().code();
        Object[] row = {now.heldUnits(), now.recallAnswered(), writer, kind, account.id()};
        String sql = "update leases set held = ?, recall = recall and not ? where writer = ? and kind = ? and id = ?";
        if (update(sql, row) == 0) {
            update("insert into leases (held, recall, writer, kind, id) values (?, false and ?, ?, ?, ?)", row);
        }
        update("delete from leases where writer = ? and held = 0", writer);
    }

    private int update(String sql, Object... values) {
        return jdbc.sql(sql).params(values).update();
    }

    private static Account account(ResultSet row) throws SQLException {
        return new Account(Account.Kind.fromCode(row.getInt("kind")), row.getLong("id"));
    }
}
