package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.newapi.core.quota.Account;
import io.newapi.core.quota.JournalEntry;
import io.newapi.core.quota.Payer;
import io.newapi.core.quota.Quota;
import io.newapi.core.quota.QuotaAuthority;
import io.newapi.core.quota.QuotaAuthority.Exchange;
import io.newapi.core.quota.QuotaAuthority.GrantRequest;
import io.newapi.core.quota.QuotaAuthority.Shortfall;
import io.newapi.core.quota.QuotaAuthorityContract;
import io.newapi.core.quota.Settlement;
import io.newapi.core.quota.WriterId;
import io.newapi.server.log.ConsumeLogEntry;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an authority over SQL does beyond the contract, on every kind of database. */
abstract class SqlQuotaAuthoritySuite extends QuotaAuthorityContract {

    private static final long HOUR = TestDatabase.NOW_SECONDS - TestDatabase.NOW_SECONDS % 3600;
    private static final Account USER = Account.user(1);
    private static final Account TOKEN = Account.token(11);

    private final ExecutorService worker = Executors.newSingleThreadExecutor();
    private TestDatabase test;
    private SqlQuotaAuthority authority;
    private WriterId writer;
    private final List<JournalEntry> journal = new ArrayList<>();

    /** An empty database with all tables. */
    abstract TestDatabase database();

    /** What the ledger speaks to it over. */
    Database ledger() {
        return test.database;
    }

    /** Creates a trigger that lets no row into the table. */
    abstract String triggerThatFails(String name, String table);

    @BeforeEach
    void open() {
        test = database();
        authority = new SqlQuotaAuthority(
                ledger(), worker, InstantSource.fixed(TestDatabase.NOW), "node-1", "/data/journal");
        writer = WriterId.random(new SecureRandom());
    }

    @AfterEach
    void close() {
        worker.shutdown();
        test.close();
    }

    @Override
    protected QuotaAuthority authority() {
        return authority;
    }

    @Override
    protected void createUser(long userId, long balanceUnits) {
        test.execute("insert into users (id, username, password, quota, status) values (" + userId + ", 'user" + userId
                + "', 'x', " + balanceUnits + ", 1)");
    }

    @Override
    protected void createLimitedToken(long tokenId, long userId, long balanceUnits) {
        token(tokenId, userId, balanceUnits, false);
    }

    @Override
    protected void createUnlimitedToken(long tokenId, long userId) {
        token(tokenId, userId, 0, true);
    }

    private void token(long tokenId, long userId, long balanceUnits, boolean unlimited) {
        test.execute(
                "insert into tokens (id, user_id, `key`, name, status, remain_quota, unlimited_quota, expired_time)"
                        + " values (" + tokenId + ", " + userId + ", 'key" + tokenId + "', 't', 1, " + balanceUnits
                        + ", "
                        + unlimited + ", -1)");
    }

    @Override
    protected void credit(Account account, long units) {
        test.execute(
                account.kind() == Account.Kind.USER
                        ? "update users set quota = quota + " + units + " where id = " + account.id()
                        : "update tokens set remain_quota = remain_quota + " + units + " where id = " + account.id());
    }

    @Override
    protected void disable(Account account) {
        test.execute("update " + (account.kind() == Account.Kind.USER ? "users" : "tokens")
                + " set status = 2 where id = " + account.id());
    }

    @Override
    protected long balance(Account account) {
        String column = account.kind() == Account.Kind.USER ? "quota from users" : "remain_quota from tokens";
        long own = number("select " + column + " where id = " + account.id());
        return own
                + number("select coalesce(sum(held), 0) from newapi_leases where kind = "
                        + account.kind().code() + " and account_id = " + account.id());
    }

    @Override
    protected long charged(Account account) {
        return number("select coalesce(used_quota, 0) from "
                + (account.kind() == Account.Kind.USER ? "users" : "tokens") + " where id = " + account.id());
    }

    private long number(String sql) {
        return test.database.read(context -> Long.parseLong(String.valueOf(context.fetchValue(sql))));
    }

    // ---- what the contract does not know of ----

    private void register() {
        done(authority.register(writer));
    }

    private void settle(Payer payer, Settlement settlement) {
        journal.add(new JournalEntry(payer, settlement));
    }

    private QuotaAuthority.Answer exchange(Map<Account, Long> returns, Account... touched) {
        List<Long> positions = new ArrayList<>();
        journal.forEach(entry -> positions.add(100L * (positions.size() + 1)));
        return done(authority.exchange(
                new QuotaAuthority.Exchange(writer, 0, journal, positions, returns, List.of(), Set.of(touched))));
    }

    private void lease(Account account, long units) {
        QuotaAuthority.Shortfall none = new QuotaAuthority.Shortfall(Account.user(1), 0, 0, true);
        QuotaAuthority.Shortfall wanted = new QuotaAuthority.Shortfall(account, units, 0, true);
        QuotaAuthority.GrantRequest request = account.kind() == Account.Kind.USER
                ? new QuotaAuthority.GrantRequest(wanted, Optional.empty())
                : new QuotaAuthority.GrantRequest(none, Optional.of(wanted));
        done(authority.exchange(new QuotaAuthority.Exchange(
                writer, 0, List.of(), List.of(), Map.of(), List.of(request), Set.of(account))));
    }

    private static Settlement call(String id, long quota, ConsumeLogEntry log) {
        return new Settlement(
                id,
                Quota.of(quota),
                log.channelId(),
                1,
                log.promptTokens(),
                log.completionTokens(),
                log.createdAt(),
                log.toJson());
    }

    private static ConsumeLogEntry log(String id, String model, long quota, long createdAt) {
        return log(id, model, quota, createdAt, true, true);
    }

    private static ConsumeLogEntry log(
            String id, String model, long quota, long createdAt, boolean written, boolean counted) {
        return new ConsumeLogEntry(
                createdAt,
                "ada",
                "laptop",
                model,
                quota,
                3,
                true,
                "vip",
                "10.0.0.1",
                "a note",
                "{\"frt\":5}",
                id,
                "up-" + id,
                1,
                11,
                5,
                20,
                10,
                written,
                counted);
    }

    @Test
    void aChargeComesWithItsLogRowAndItsStatistics() {
        createUser(1, 1000);
        createLimitedToken(11, 1, 500);
        test.execute("insert into channels (id, `key`, name, used_quota) values (5, 'k', 'c', null)");
        register();
        settle(Payer.limitedToken(1, 11), call("r1", 40, log("r1", "m", 40, TestDatabase.NOW_SECONDS)));

        exchange(Map.of(), USER, TOKEN);

        assertThat(test.query("select user_id, created_at, type, content, username, token_name, model_name, quota,"
                        + " prompt_tokens, completion_tokens, use_time, is_stream, channel_id, token_id, `group`, ip,"
                        + " other, request_id, upstream_request_id from logs"))
                .containsExactly("1|" + TestDatabase.NOW_SECONDS
                        + "|2|a note|ada|laptop|m|40|20|10|3|1|5|11|vip|10.0.0.1|{\"frt\":5}|r1|up-r1");
        assertThat(test.query("select quota, used_quota, request_count from users"))
                .containsExactly("960|40|1");
        assertThat(test.query("select remain_quota, used_quota, accessed_time from tokens"))
                .containsExactly("460|40|" + TestDatabase.NOW_SECONDS);
        assertThat(test.query("select used_quota from channels")).containsExactly("40");
    }

    @Test
    void anExchangeThatIsRepeatedWritesNoRowTwice() {
        createUser(1, 1000);
        register();
        settle(Payer.user(1), call("r1", 40, log("r1", "m", 40, TestDatabase.NOW_SECONDS)));

        exchange(Map.of(), USER);
        exchange(Map.of(), USER);

        assertThat(test.query("select request_id from logs")).containsExactly("r1");
        assertThat(test.query("select count, quota from quota_data")).containsExactly("1|40");
        assertThat(number("select request_count from users")).isEqualTo(1);
    }

    @Test
    void callsOfAnHourAreOneRow() {
        createUser(1, 1000);
        register();
        test.execute(
                "insert into quota_data (user_id, username, model_name, created_at, token_used, count, quota) values"
                        + " (1, 'ada', 'm', " + HOUR + ", null, null, null), (1, 'ada', 'm', " + HOUR + ", 5, 1, 7)");
        settle(Payer.user(1), call("r1", 40, log("r1", "m", 40, HOUR)));
        settle(Payer.user(1), call("r2", 2, log("r2", "m", 2, HOUR + 3599)));
        settle(Payer.user(1), call("r3", 1, log("r3", "m", 1, HOUR + 3600)));
        settle(Payer.user(1), call("r4", 1, log("r4", "other", 1, HOUR)));

        exchange(Map.of(), USER);

        assertThat(test.query("select model_name, created_at, token_used, count, quota from quota_data order by id"))
                .containsExactly(
                        "m|" + HOUR + "|60|2|42",
                        "m|" + HOUR + "|5|1|7",
                        "m|" + (HOUR + 3600) + "|30|1|1",
                        "other|" + HOUR + "|30|1|1");
    }

    @Test
    void rowsThatNobodyWantsAreNotWrittenAndTheChargeStays() {
        createUser(1, 1000);
        register();
        settle(Payer.user(1), call("r1", 40, log("r1", "m", 40, HOUR, false, true)));
        settle(Payer.user(1), call("r2", 2, log("r2", "m", 2, HOUR, true, false)));

        exchange(Map.of(), USER);

        assertThat(test.query("select request_id from logs")).containsExactly("r2");
        assertThat(test.query("select * from quota_data")).isEmpty();
        assertThat(charged(USER)).isEqualTo(42);
    }

    @Test
    void aLogRowThatCannotBeReadDoesNotHoldUpTheCharges() {
        createUser(1, 1000);
        register();
        settle(Payer.user(1), new Settlement("r1", Quota.of(5), 0, 1, 0, 0, HOUR, "{broken"));
        settle(Payer.user(1), call("r2", 2, log("r2", "m", 2, HOUR)));

        exchange(Map.of(), USER);

        assertThat(charged(USER)).isEqualTo(7);
        assertThat(test.query("select request_id from logs")).containsExactly("r2");
    }

    @Test
    void aChargeThatFindsNoRowIsInSuspense() {
        register();
        settle(Payer.unlimitedToken(7, 77), Settlement.of("r1", Quota.of(5)));

        exchange(Map.of(), Account.user(7));

        assertThat(test.query("select writer_id, kind, account_id, amount, created_at from newapi_ledger_suspense"))
                .containsExactly(
                        writer.hex() + "|1|7|-5|" + TestDatabase.NOW_SECONDS,
                        writer.hex() + "|2|77|-5|" + TestDatabase.NOW_SECONDS);
    }

    @Test
    void whatIsGivenBackToNobodyIsInSuspense() {
        createUser(1, 100);
        register();
        lease(USER, 30);
        test.execute("delete from users");

        done(authority.beginClose(writer));
        done(authority.finishClose(writer));

        assertThat(test.query("select kind, account_id, amount from newapi_ledger_suspense"))
                .containsExactly("1|1|30");
        assertThat(test.query("select * from newapi_leases")).isEmpty();
    }

    @Test
    void columnsThatAreNullCountAsNothing() {
        createUser(1, 0);
        createLimitedToken(11, 1, 0);
        test.execute("update users set quota = null, used_quota = null, request_count = null");
        test.execute("update tokens set remain_quota = null, used_quota = null, accessed_time = null");
        register();
        settle(Payer.limitedToken(1, 11), Settlement.of("r1", Quota.of(5)));

        exchange(Map.of(), USER, TOKEN);

        assertThat(test.query("select quota, used_quota, request_count from users"))
                .containsExactly("-5|5|1");
        assertThat(test.query("select remain_quota, used_quota from tokens")).containsExactly("-5|5");
    }

    @Test
    void aLeaseGoesBackToABalanceThatIsNull() {
        createUser(1, 100);
        createLimitedToken(11, 1, 50);
        register();
        lease(USER, 30);
        lease(TOKEN, 20);
        test.execute("update users set quota = null");
        test.execute("update tokens set remain_quota = null");

        done(authority.beginClose(writer));
        done(authority.finishClose(writer));

        assertThat(balance(USER)).isEqualTo(30);
        assertThat(balance(TOKEN)).isEqualTo(20);
    }

    @Test
    void aDeletedUserIsChargedButGrantedNothing() {
        createUser(1, 100);
        test.execute("update users set deleted_at = '2026-01-01 00:00:00'");
        register();
        settle(Payer.user(1), Settlement.of("r1", Quota.of(5)));

        exchange(Map.of(), USER);
        lease(USER, 10);

        assertThat(number("select quota from users")).isEqualTo(95);
        assertThat(test.query("select * from newapi_leases")).isEmpty();
    }

    @Test
    void aFlagOfRecallIsReportedUntilItIsAnswered() {
        createUser(1, 100);
        register();
        lease(USER, 30);
        test.execute("update newapi_leases set recall = 1");

        assertThat(exchange(Map.of()).recalled())
                .as("flags of accounts that nobody asked about are reported too")
                .containsExactly(USER);
        assertThat(number("select recall from newapi_leases")).isEqualTo(1);

        assertThat(exchange(Map.of(USER, 10L), USER).recalled()).isEmpty();
        assertThat(test.query("select held, recall from newapi_leases")).containsExactly("20|0");
        assertThat(exchange(Map.of(), USER).recalled()).isEmpty();
    }

    @Test
    void aFlagThatIsRaisedAgainIsReportedAgain() {
        createUser(1, 100);
        register();
        lease(USER, 30);
        exchange(Map.of(USER, 10L), USER);
        test.execute("update newapi_leases set recall = 1");
        settle(Payer.user(1), Settlement.of("r1", Quota.of(5)));

        assertThat(exchange(Map.of(), USER).recalled()).containsExactly(USER);
        assertThat(test.query("select held, recall from newapi_leases")).containsExactly("15|1");
    }

    @Test
    void movingQuotaIsNoUseOfAToken() {
        createUser(1, 100);
        createLimitedToken(11, 1, 50);
        test.execute("update tokens set accessed_time = 7");
        register();
        lease(TOKEN, 20);
        exchange(Map.of(TOKEN, 20L), TOKEN);

        assertThat(number("select accessed_time from tokens")).isEqualTo(7);
    }

    @Test
    void anExchangeThatFailsInTheMiddleLeavesNothing() {
        createUser(1, 1000);
        createLimitedToken(11, 1, 500);
        register();
        lease(USER, 100);
        settle(Payer.limitedToken(1, 11), call("r1", 40, log("r1", "m", 40, HOUR)));
        test.execute(triggerThatFails("stop", "quota_data"));
        List<String> before = everything();

        assertThatThrownBy(() -> exchange(Map.of(USER, 10L), USER, TOKEN))
                .isInstanceOf(QuotaAuthority.ExchangeFailure.class)
                .satisfies(failure -> assertThat(((QuotaAuthority.ExchangeFailure) failure).mayHaveHappened())
                        .isTrue());
        assertThat(everything()).isEqualTo(before);

        test.dropTrigger("stop");
        exchange(Map.of(USER, 10L), USER, TOKEN);
        assertThat(charged(USER)).isEqualTo(40);
        assertThat(test.query("select request_id from logs")).containsExactly("r1");
    }

    @Test
    void theNumberOfAnExchangeThatWasUndoneNeverComesBack() {
        createUser(1, 1000);
        register();
        settle(Payer.user(1), call("r1", 40, log("r1", "m", 40, HOUR)));
        test.execute(triggerThatFails("stop", "quota_data"));
        assertThatThrownBy(() -> exchange(Map.of(), USER)).isInstanceOf(QuotaAuthority.ExchangeFailure.class);
        test.dropTrigger("stop");

        exchange(Map.of(), USER);

        assertThat(number("select exchange_no from newapi_ledger_writers")).isEqualTo(2);
    }

    private List<String> everything() {
        List<String> rows = new ArrayList<>();
        for (String table : List.of(
                "users", "tokens", "channels", "logs", "quota_data", "newapi_leases", "newapi_ledger_suspense")) {
            rows.addAll(test.query("select * from " + table));
        }
        rows.addAll(test.query("select state, exchange_no, applied_pos from newapi_ledger_writers"));
        return rows;
    }

    @Test
    void theWritersRowSaysWhoItIsAndWhereItStands() {
        createUser(1, 100);
        register();
        settle(Payer.user(1), Settlement.of("r1", Quota.of(5)));
        exchange(Map.of(), USER);
        done(authority.resync(writer, Set.of(USER)));
        done(authority.beginClose(writer));
        assertThat(authority.openWriters()).isZero();
        done(authority.finishClose(writer));

        assertThat(test.query(
                        "select node_name, place, state, exchange_no, applied_pos, resync_no, started_at, closed_at"
                                + " from newapi_ledger_writers"))
                .containsExactly(
                        "node-1|/data/journal|2|1|100|3|" + TestDatabase.NOW_SECONDS + "|" + TestDatabase.NOW_SECONDS);
    }

    @Test
    void closingChangesTheWritersRowThoughItIsClosedAlready() {
        register();
        done(authority.beginClose(writer));
        done(authority.finishClose(writer));
        long before = number("select resync_no from newapi_ledger_writers");

        done(authority.beginClose(writer));
        done(authority.finishClose(writer));

        assertThat(number("select resync_no from newapi_ledger_writers")).isEqualTo(before + 2);
    }

    @Test
    void accountsThatTheWriterForgotToNameAreTakenFromTheirLeaseAllTheSame() {
        createUser(1, 100);
        register();
        lease(USER, 30);
        settle(Payer.user(1), Settlement.of("r1", Quota.of(5)));

        assertThat(exchange(Map.of()).view().held()).isEmpty();

        assertThat(test.query("select held from newapi_leases")).containsExactly("25");
        assertThat(number("select quota from users")).isEqualTo(70);
    }

    @Test
    void aStoppedWorkerIsAFailureThatChangedNothing() {
        register();
        worker.shutdown();

        assertThatThrownBy(() -> done(authority.resync(writer, Set.of())))
                .isInstanceOf(QuotaAuthority.ExchangeFailure.class)
                .satisfies(failure -> assertThat(((QuotaAuthority.ExchangeFailure) failure).mayHaveHappened())
                        .isFalse());
    }

    @Test
    void whoseBalancesAreMovedIsTold() {
        createUser(1, 1_000);
        List<Set<Account>> told = new ArrayList<>();
        SqlQuotaAuthority telling = new SqlQuotaAuthority(
                        ledger(), Runnable::run, InstantSource.fixed(TestDatabase.NOW), "node-1", "/data/journal")
                .telling(told::add);
        telling.register(writer).toCompletableFuture().join();

        GrantRequest request = new GrantRequest(new Shortfall(USER, 100, 0, true), Optional.empty());
        telling.exchange(new Exchange(writer, 0, List.of(), List.of(), Map.of(), List.of(request), Set.of()))
                .toCompletableFuture()
                .join();
        telling.exchange(new Exchange(writer, 0, List.of(), List.of(), Map.of(), List.of(), Set.of(USER)))
                .toCompletableFuture()
                .join();
        telling.finishClose(writer).toCompletableFuture().join();

        assertThat(told).as("leased, and given back").containsExactly(Set.of(USER), Set.of(USER));
    }
}
