package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.newapi.core.quota.Account;
import io.newapi.core.quota.JournalEntry;
import io.newapi.core.quota.Payer;
import io.newapi.core.quota.QuotaAuthority.Exchange;
import io.newapi.core.quota.QuotaAuthority.GrantRequest;
import io.newapi.core.quota.QuotaAuthority.Shortfall;
import io.newapi.core.quota.WriterId;
import io.newapi.server.store.Conversation.Said;
import io.newapi.server.store.Conversation.Saying;
import io.newapi.server.testing.MariaDb;
import io.newapi.server.testing.TcpProxy;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is said to MariaDB a stage at a time: how often a far server is waited for, and what accidents leave behind. */
class PipelinedLedgerTest {

    private static final Duration FAR = Duration.ofMillis(15);

    private static MariaDb server;
    private static MySqlTestDatabase shared;
    private static Vertx vertx;

    private TestDatabase test;
    private TcpProxy proxy;
    private Database ledger;

    @BeforeAll
    static void createShared() {
        server = MariaDb.orLeaveOut("statements that are sent to MySQL and MariaDB at once");
        shared = MySqlTestDatabase.create(server);
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        if (vertx != null) {
            vertx.close();
        }
    }

    @BeforeEach
    void open() {
        test = shared.emptied();
        proxy = TcpProxy.to(server.port());
        ledger = Database.openForLedger(location(proxy), vertx);
        test.execute("create table if not exists kept (number bigint)");
        test.execute("delete from kept");
    }

    @AfterEach
    void close() {
        ledger.close();
        proxy.close();
        test.close();
    }

    private static MySqlLocation location(TcpProxy through) {
        return TestDatabase.location(through.port(), shared.location().database());
    }

    private static List<Said> say(Conversation conversation, String... statements) {
        return conversation.say(Stream.of(statements)
                .map(sql -> new Saying(conversation.context().query(sql), Misfits.END_IT))
                .toList());
    }

    private static String insert(int number) {
        return "insert into kept values (" + number + ")";
    }

    private int connectionId(Conversation conversation) {
        return conversation
                .say(List.of(new Saying(
                        conversation.context().select(DSL.field("connection_id()", Integer.class)), Misfits.END_IT)))
                .get(0)
                .rows()
                .get(0)
                .get(0, Integer.class);
    }

    private void kill(int connection) {
        server.execute("kill " + connection);
    }

    private List<String> kept() {
        return test.query("select number from kept order by number");
    }

    private static void assertReason(Throwable failure, DatabaseException.Reason reason) {
        assertThat(((DatabaseException) failure).reason()).isEqualTo(reason);
    }

    // ---- round trips ----

    @Test
    void anExchangeOfManyAccountsTakesAHandfulOfRoundTripsAndOverJdbcOneForEachStatement() {
        int atOnce = roundTripsOfAnExchange(through -> Database.openForLedger(location(through), vertx));
        int oneByOne = roundTripsOfAnExchange(through -> Database.openForLedger(location(through)));

        assertThat(atOnce).isLessThanOrEqualTo(4);
        assertThat(oneByOne).isGreaterThan(20);
    }

    private interface Opening {
        Database open(TcpProxy through);
    }

    /** After two others, so that the connection and the rows of the hour are there and the server knows the statements. */
    private int roundTripsOfAnExchange(Opening opening) {
        shared.empty();
        LongStream.rangeClosed(1, 4)
                .forEach(id -> test.execute("insert into users (id, username, password, quota, status) values (" + id
                        + ", 'user" + id + "', 'x', 1000000, 1)"));
        LongStream.rangeClosed(1, 4)
                .forEach(id -> test.execute("insert into tokens (id, user_id, `key`, name, status, remain_quota,"
                        + " unlimited_quota, expired_time) values (" + id + ", " + id + ", 'key" + id
                        + "', 't', 1, 1000000, false, -1)"));
        try (TcpProxy far = TcpProxy.to(server.port(), FAR);
                Database database = opening.open(far)) {
            SqlQuotaAuthority authority = new SqlQuotaAuthority(
                    database, Runnable::run, InstantSource.fixed(TestDatabase.NOW), "node-1", "/data");
            WriterId writer = WriterId.random(new SecureRandom());
            authority.register(writer).toCompletableFuture().join();
            authority.exchange(exchange(writer, 0)).toCompletableFuture().join();
            authority.exchange(exchange(writer, 1)).toCompletableFuture().join();
            int before = far.roundTrips();
            authority.exchange(exchange(writer, 2)).toCompletableFuture().join();
            return far.roundTrips() - before;
        }
    }

    /** Charges and grants of four users with their tokens. */
    private static Exchange exchange(WriterId writer, int turn) {
        List<JournalEntry> entries = new ArrayList<>();
        List<Long> positions = new ArrayList<>();
        List<GrantRequest> requests = new ArrayList<>();
        for (long id = 1; id <= 4; id++) {
            entries.add(new JournalEntry(
                    Payer.limitedToken(id, id),
                    LoggedCall.of("r" + turn + "-" + id, 10).settlement()));
            positions.add(1000L * turn + 100 * id);
            requests.add(new GrantRequest(
                    new Shortfall(Account.user(id), 50, 0, true),
                    Optional.of(new Shortfall(Account.token(id), 50, 0, true))));
        }
        return new Exchange(writer, 0, entries, positions, Map.of(), requests, Set.of());
    }

    // ---- accidents ----

    @Test
    void aConnectionThatWasKilledWhileNobodySpokeIsReplacedUnnoticed() {
        int connection = ledger.converse(this::connectionId);
        kill(connection);

        ledger.converse(conversation -> say(conversation, insert(1), insert(2)));

        assertThat(kept()).containsExactly("1", "2");
    }

    @Test
    void aConnectionThatIsKilledInTheMiddleLeavesNothingAndTheNextWorks() {
        assertThatThrownBy(() -> ledger.converse(conversation -> {
                    say(conversation, insert(1), insert(2));
                    kill(connectionId(conversation));
                    return say(conversation, insert(3), insert(4));
                }))
                .isInstanceOf(DatabaseException.class)
                .satisfies(e -> assertReason(e, DatabaseException.Reason.UNREACHABLE));
        assertThat(kept()).isEmpty();

        ledger.converse(conversation -> say(conversation, insert(5)));
        assertThat(kept()).containsExactly("5");
    }

    @Test
    void aConnectionThatIsLostAtTheCommitLeavesItInDoubtAndNothingIsSaidTwice() {
        AtomicInteger runs = new AtomicInteger();

        assertThatThrownBy(() -> ledger.converse(conversation -> {
                    say(conversation, insert(runs.incrementAndGet()));
                    proxy.cut();
                    return conversation;
                }))
                .isInstanceOf(DatabaseException.class)
                .satisfies(e -> assertReason(e, DatabaseException.Reason.IN_DOUBT));
        proxy.mend();

        assertThat(runs).hasValue(1);
        ledger.converse(conversation -> say(conversation, insert(7)));
        assertThat(kept()).containsExactly("7");
    }

    @Test
    void anAnswerThatNeverComesEndsTheConnection() {
        MySqlLocation location = location(proxy);
        MySqlLocation impatient = new MySqlLocation(
                location.host(),
                location.port(),
                location.user(),
                location.password(),
                location.database(),
                location.tls(),
                location.connectTimeout(),
                Duration.ofMillis(300),
                location.zone(),
                location.sessionVariables(),
                location.pooling());
        MySqlEngine engine = MySqlEngine.open(impatient, ConnectionUse.ORDINARY);
        try (PipelinedLedger speaking =
                new PipelinedLedger(vertx, impatient, ConnectionUse.ORDINARY, engine, DSL.using(engine.dialect()))) {
            speaking.converse("speak", conversation -> say(conversation, insert(1)));
            assertThatThrownBy(() -> speaking.converse("speak", conversation -> {
                        say(conversation, "select 1");
                        proxy.hold();
                        return conversation;
                    }))
                    .satisfies(e -> assertReason(e, DatabaseException.Reason.IN_DOUBT));
            proxy.mend();
            speaking.converse("speak", conversation -> {
                say(conversation, insert(2));
                return conversation;
            });
            assertThatThrownBy(() -> speaking.converse("speak", conversation -> {
                        proxy.hold();
                        return say(conversation, "select 1");
                    }))
                    .satisfies(e -> assertReason(e, DatabaseException.Reason.UNREACHABLE));
            proxy.mend();
        } finally {
            engine.close();
        }
        assertThat(kept()).containsExactly("1", "2");
    }

    @Test
    void whatWasSentBehindAFailureIsUndone() {
        assertThatThrownBy(() -> ledger.converse(conversation ->
                        say(conversation, insert(1), "insert into kept (nothing) values (1)", insert(2))))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("nothing")
                .satisfies(e -> assertReason(e, DatabaseException.Reason.FAILED));
        assertThatThrownBy(() -> ledger.converse(
                        conversation -> say(conversation, insert(3), "insert into kept values ('x')", insert(4))))
                .satisfies(e -> assertReason(e, DatabaseException.Reason.MISFIT));

        assertThat(kept()).isEmpty();
    }

    @Test
    void theVictimOfADeadlockIsRunAgainAndNothingOfItsFirstRunIsKept() throws InterruptedException {
        test.execute("insert into users (id, username, password, quota) values (1, 'ada', 'x', 0), (2, 'bob', 'x', 0)");
        CountDownLatch otherHoldsBob = new CountDownLatch(1);
        CountDownLatch ledgerHoldsAda = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        // the one that has changed more is not the victim
        CompletableFuture<Void> other = CompletableFuture.runAsync(
                () -> test.database.write(context -> {
                    context.execute("update users set quota = quota + 1 where id = 2");
                    context.execute("insert into kept select seq from seq_100_to_200");
                    otherHoldsBob.countDown();
                    await(ledgerHoldsAda);
                    return context.execute("update users set quota = quota + 1 where id = 1");
                }),
                task -> new Thread(task, "other").start());
        otherHoldsBob.await();

        ledger.converse(conversation -> {
            int run = runs.incrementAndGet();
            say(conversation, "update users set quota = quota + 10 where id = 1", insert(run));
            ledgerHoldsAda.countDown();
            return say(conversation, "update users set quota = quota + 10 where id = 2", insert(10 + run));
        });
        other.join();

        assertThat(runs).hasValue(2);
        assertThat(test.query("select quota from users order by id")).containsExactly("11", "11");
        assertThat(test.query("select number from kept where number < 100 order by number"))
                .containsExactly("2", "12");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void nobodyCanTellItsSessionFromOneOfJdbc() {
        String variables = "select @@autocommit, @@sql_mode like '%STRICT_ALL_TABLES%', @@innodb_lock_wait_timeout,"
                + " @@lock_wait_timeout, @@wait_timeout, @@idle_transaction_timeout, @@tx_isolation,"
                + " @@character_set_client, @@character_set_connection, @@character_set_results, @@time_zone,"
                + " @@sql_safe_updates";
        List<String> pipelined = new ArrayList<>();
        ledger.converse(conversation -> {
            conversation
                    .say(List.of(new Saying(conversation.context().select(fields(variables)), Misfits.END_IT)))
                    .get(0)
                    .rows()
                    .forEach(row -> row.intoList().forEach(value -> pipelined.add(String.valueOf(value))));
            return conversation;
        });
        List<String> jdbc = new ArrayList<>();
        try (Database plain = Database.openForLedger(shared.location())) {
            plain.write(context -> {
                context.select(fields(variables))
                        .forEach(row -> row.intoList().forEach(value -> jdbc.add(String.valueOf(value))));
                return context;
            });
        }

        assertThat(pipelined).isEqualTo(jdbc);
    }

    private static List<Field<String>> fields(String query) {
        return Stream.of(query.substring("select ".length()).split(", ", -1))
                .map(field -> DSL.field("concat(" + field + ")", String.class))
                .toList();
    }

    @Test
    void rowsAreCountedThatMatchThoughTheyStayAsTheyAre() {
        test.execute("insert into kept values (1), (1), (2)");

        List<Said> answers = ledger.converse(
                conversation -> say(conversation, "update kept set number = 1 where number = 1", "delete from kept"));

        assertThat(answers).extracting(Said::matched).containsExactly(2, 3);
    }

    @Test
    void manyTextsOfStatementsAreNotKeptByTheServerForEver() {
        ledger.converse(conversation -> {
            for (int page = 0; page < 4; page++) {
                int first = 100 * page;
                say(
                        conversation,
                        LongStream.range(first, first + 100)
                                .mapToObj(number -> insert((int) number))
                                .toArray(String[]::new));
            }
            return conversation;
        });

        assertThat(kept()).hasSize(400);
        String held = ledger.converse(conversation -> String.valueOf(conversation
                .say(List.of(new Saying(
                        conversation
                                .context()
                                .resultQuery("show session status like 'Com_stmt_close'")
                                .coerce(DSL.field("Variable_name", String.class), DSL.field("Value", String.class)),
                        Misfits.END_IT)))
                .get(0)
                .rows()
                .get(0)
                .get(1)));
        assertThat(held).isEqualTo("150");
    }
}
