package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.quota.Account;
import io.newapi.core.quota.JournalEntry;
import io.newapi.core.quota.Payer;
import io.newapi.core.quota.Quota;
import io.newapi.core.quota.QuotaAuthority.Answer;
import io.newapi.core.quota.QuotaAuthority.Exchange;
import io.newapi.core.quota.QuotaAuthority.GrantRequest;
import io.newapi.core.quota.QuotaAuthority.Shortfall;
import io.newapi.core.quota.Settlement;
import io.newapi.core.quota.WriterId;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A database whose amounts an older program keeps in 32 bits. */
abstract class NarrowColumnsSuite {

    private static final long MOST = Integer.MAX_VALUE;
    private static final Account USER = Account.user(1);
    private static final List<String> NARROW = List.of(
            "users.quota",
            "users.used_quota",
            "users.request_count",
            "tokens.remain_quota",
            "tokens.used_quota",
            "channels.used_quota",
            "logs.quota",
            "quota_data.quota");

    private final List<JournalEntry> journal = new ArrayList<>();
    private TestDatabase test;
    private SqlQuotaAuthority authority;
    private WriterId writer;

    /** An empty database with all tables. */
    abstract TestDatabase database();

    /** What the ledger speaks to it over. */
    Database ledger() {
        return test.database;
    }

    /** What 32 bits are called. */
    abstract String narrowType();

    /** The statement that gives a column another type. */
    abstract String alteration(String table, String column, String type);

    @BeforeEach
    void narrowEverything() {
        test = database();
        NARROW.forEach(column -> {
            String[] name = column.split("\\.", 2);
            test.execute(alteration(name[0], name[1], narrowType()));
        });
        authority = new SqlQuotaAuthority(
                ledger(), Runnable::run, InstantSource.fixed(TestDatabase.NOW), "node-1", "/data");
        writer = WriterId.random(new SecureRandom());
        authority.register(writer).toCompletableFuture().join();
        test.execute("insert into users (id, username, password, quota, status) values (1, 'ada', 'x', 1000, 1),"
                + " (2, 'bob', 'x', 1000, 1)");
    }

    @AfterEach
    void close() {
        test.close();
    }

    private Answer exchange(Map<Account, Long> returns, List<GrantRequest> requests) {
        List<Long> positions =
                IntStream.rangeClosed(1, journal.size()).mapToObj(i -> 100L * i).toList();
        return authority
                .exchange(new Exchange(writer, 0, journal, positions, returns, requests, Set.of(USER)))
                .toCompletableFuture()
                .join();
    }

    private void lease(long units) {
        exchange(Map.of(), List.of(new GrantRequest(new Shortfall(USER, units, 0, true), Optional.empty())));
    }

    private void settle(long user, long units) {
        journal.add(new JournalEntry(
                Payer.user(user), new Settlement("r" + journal.size(), Quota.of(units), 5, 1, 0, 0, 1, "")));
    }

    private List<String> suspense() {
        return test.query("select kind, account_id, amount from newapi_ledger_suspense order by id");
    }

    @Test
    void everyColumnIsNamedWithTheStatementThatRepairsIt() {
        List<NarrowColumn> found = Schema.create(test.database).narrow();

        assertThat(found)
                .extracting(column -> column.table() + "." + column.column())
                .containsExactlyInAnyOrderElementsOf(NARROW);
        assertThat(found).extracting(NarrowColumn::toString).contains("users.quota is " + narrowType());
        found.forEach(column -> test.execute(column.repair()));
        assertThat(Schema.create(test.database).narrow()).isEmpty();
    }

    @Test
    void aUseThatCannotGrowIsInSuspenseAndTheUserHasPaid() {
        test.execute("update users set used_quota = " + (MOST - 5) + " where id = 1");
        lease(100);
        settle(1, 10);
        settle(2, 7);

        Answer answer = exchange(Map.of(), List.of());

        assertThat(answer.view().appliedPosition()).isEqualTo(200);
        assertThat(answer.view().heldOf(USER)).isEqualTo(90);
        assertThat(test.query("select quota, used_quota, request_count from users order by id"))
                .containsExactly("900|" + (MOST - 5) + "|1", "993|7|1");
        assertThat(suspense()).containsExactly("1|1|-10");
    }

    @Test
    void aChargeThatTheBalanceCannotTakeIsInSuspense() {
        test.execute("update users set quota = " + -MOST + " where id = 1");
        settle(1, 10);

        exchange(Map.of(), List.of());

        assertThat(test.query("select quota, used_quota from users where id = 1"))
                .containsExactly(-MOST + "|10");
        assertThat(suspense()).containsExactly("1|1|-10");
    }

    @Test
    void aReturnThatTheBalanceCannotTakeStaysLeased() {
        lease(100);
        test.execute("update users set quota = " + (MOST - 5) + " where id = 1");
        settle(2, 7);

        Answer answer = exchange(Map.of(USER, 40L), List.of());

        assertThat(answer.view().heldOf(USER)).isEqualTo(100);
        assertThat(test.query("select held, recall from newapi_leases")).containsExactly("100|0");
        assertThat(test.query("select quota from users order by id")).containsExactly("" + (MOST - 5), "993");
        assertThat(suspense()).isEmpty();
    }

    @Test
    void aWriterIsHalfClosedUntilTheColumnIsRepaired() {
        lease(100);
        test.execute("insert into newapi_leases (writer_id, kind, account_id, held) values ('" + writer.hex()
                + "', 1, 2, 30)");
        test.execute("update users set quota = " + (MOST - 5) + " where id = 1");

        authority.beginClose(writer).toCompletableFuture().join();
        authority.finishClose(writer).toCompletableFuture().join();

        assertThat(test.query("select account_id, held from newapi_leases")).containsExactly("1|100");
        assertThat(test.query("select quota from users where id = 2")).containsExactly("1030");
        assertThat(test.query("select state from newapi_ledger_writers")).containsExactly("1");

        test.execute(alteration("users", "quota", "bigint"));
        authority.finishClose(writer).toCompletableFuture().join();

        assertThat(test.query("select * from newapi_leases")).isEmpty();
        assertThat(test.query("select quota from users where id = 1")).containsExactly("" + (MOST + 95));
        assertThat(test.query("select state from newapi_ledger_writers")).containsExactly("2");
    }

    @Test
    void aRequestThatCannotBeCountedIsChargedAllTheSame() {
        test.execute("update users set request_count = " + MOST + " where id = 1");
        settle(1, 10);

        exchange(Map.of(), List.of());

        assertThat(test.query("select quota, used_quota, request_count from users where id = 1"))
                .containsExactly("990|10|" + MOST);
        assertThat(suspense()).isEmpty();
    }

    @Test
    void aChannelThatIsFullHoldsUpNothing() {
        test.execute("insert into channels (id, `key`, name, used_quota) values (5, 'k', 'c', " + MOST + ")");
        settle(1, 10);

        exchange(Map.of(), List.of());

        assertThat(test.query("select quota, used_quota from users where id = 1"))
                .containsExactly("990|10");
        assertThat(suspense()).containsExactly("3|5|-10");
    }

    @Test
    void logsAndHourlyFiguresThatTakeNoMoreHoldUpNothingAndTheBooksKnow() {
        BookStore.Page opened = test.stores.books().check(BookKind.USER, 0, 10);
        assertThat(opened.opened()).isEqualTo(2);
        test.execute(alteration("users", "quota", "bigint"));
        test.execute(alteration("users", "used_quota", "bigint"));
        journal.add(LoggedCall.of("r0", MOST + 1));

        exchange(Map.of(), List.of());

        assertThat(test.query("select quota, used_quota from users where id = 1"))
                .containsExactly((1000 - MOST - 1) + "|" + (MOST + 1));
        assertThat(test.query("select * from logs")).isEmpty();
        assertThat(test.stores.books().check(BookKind.USER, 0, 10).differences())
                .isEmpty();
    }
}
