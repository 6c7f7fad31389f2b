package io.newapi.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.quota.Account;
import io.newapi.core.quota.LedgerTransactions;
import io.newapi.core.quota.QuotaAuthority;
import io.newapi.core.quota.QuotaAuthorityContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class JdbcQuotaAuthorityTest extends QuotaAuthorityContract {

    private static final Path SOURCE = Path.of("src/main/java/io/newapi/examples/spring/JdbcQuotaAuthority.java");

    private final SingleConnectionDataSource database = new SingleConnectionDataSource("jdbc:h2:mem:", true);
    private final JdbcClient jdbc = JdbcClient.create(database);
    private final TransactionTemplate transactions = new TransactionTemplate(new JdbcTransactionManager(database));
    private final QuotaAuthority authority = new JdbcQuotaAuthority(
            jdbc,
            new LedgerTransactions(Runnable::run, work -> transactions.executeWithoutResult(status -> work.run())));

    JdbcQuotaAuthorityTest() {
        new ResourceDatabasePopulator(new ClassPathResource("schema.sql")).execute(database);
    }

    @AfterEach
    void forget() {
        database.destroy();
    }

    @Override
    protected QuotaAuthority authority() {
        return authority;
    }

    @Override
    protected void createUser(long userId, long balanceUnits) {
        create(Account.user(userId), balanceUnits);
    }

    @Override
    protected void createLimitedToken(long tokenId, long userId, long balanceUnits) {
        create(Account.token(tokenId), balanceUnits);
    }

    @Override
    protected void createUnlimitedToken(long tokenId, long userId) {
        create(Account.token(tokenId), 0);
    }

    private void create(Account account, long units) {
        jdbc.sql("insert into accounts (units, kind, id) values (?, ?, ?)")
                .params(units, account.kind().code(), account.id())
                .update();
    }

    @Override
    protected void credit(Account account, long units) {
        jdbc.sql("update accounts set units = units + ? where kind = ? and id = ?")
                .params(units, account.kind().code(), account.id())
                .update();
    }

    @Override
    protected void disable(Account account) {
        jdbc.sql("update accounts set chargeable = false where kind = ? and id = ?")
                .params(account.kind().code(), account.id())
                .update();
    }

    @Override
    protected long balance(Account account) {
        return sum("select units from accounts where kind = ? and id = ?", account)
                + sum("select sum(held) from leases where kind = ? and id = ?", account);
    }

    @Override
    protected long charged(Account account) {
        return sum("select spent from accounts where kind = ? and id = ?", account);
    }

    private long sum(String sql, Account account) {
        return jdbc.sql(sql).params(account.kind().code(), account.id()).query((row, n) -> row.getLong(1)).stream()
                .mapToLong(units -> units)
                .sum();
    }

    /** Imports, comments and blank lines do not count. */
    @Test
    void isShort() throws IOException {
        long lines = Files.readAllLines(SOURCE).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.matches("(package|import|//|/\\*\\*|\\*).*"))
                .count();

        assertThat(lines).isLessThan(100);
    }
}
