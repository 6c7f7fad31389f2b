package io.newapi.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.newapi.server.store.AccountKind;
import io.newapi.server.store.BookDifference;
import io.newapi.server.store.BookDifference.Cause;
import io.newapi.server.store.BookDifference.Figure;
import io.newapi.server.store.BookKind;
import io.newapi.server.store.BookReport;
import io.newapi.server.store.BookReport.State;
import io.newapi.server.store.ChannelChange;
import io.newapi.server.store.Database;
import io.newapi.server.store.DatabaseConfig;
import io.newapi.server.store.NewToken;
import io.newapi.server.store.NewUser;
import io.newapi.server.store.Schema;
import io.newapi.server.store.SqliteLocation;
import io.newapi.server.store.Stores;
import io.newapi.server.store.SuspenseRow;
import io.newapi.server.store.TokenOutcome;
import io.newapi.server.store.UserOutcome;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The books of a database that somebody else writes to as well. */
class AuditorTest {

    private static final Instant START = Instant.ofEpochSecond(1_000_000);

    @TempDir
    Path directory;

    private final Deque<Runnable> work = new ArrayDeque<>();
    private final List<BookReport> unclean = new ArrayList<>();
    private final AtomicInteger runs = new AtomicInteger();
    private Instant now = START;
    private Runnable pause = () -> {};
    private Database database;
    private Stores stores;
    private Auditor auditor;
    private long user;
    private long token;
    private long channel;

    @BeforeEach
    void aUserWithATokenAndAChannel() {
        InstantSource clock = () -> now;
        database = Database.open(DatabaseConfig.of(SqliteLocation.of(file())));
        Schema.create(database);
        stores = Stores.of(database, clock);
        user = user("someone");
        token = ((TokenOutcome.Created) stores.tokens()
                        .create(new NewToken(user, "t", -1, 500, false, false, "", "", "", false), 10, 0))
                .token()
                .id();
        channel = stores.channels()
                .create(ChannelChange.none().type(1).name("c").key("k").models("m"));
        auditor = new Auditor(
                stores.books(),
                clock,
                work::add,
                () -> "run " + runs.incrementAndGet(),
                unclean::add,
                2,
                () -> pause.run());
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Path file() {
        return directory.resolve("one-api.db");
    }

    private long user(String name) {
        return ((UserOutcome.Saved) stores.users().create(NewUser.of(name, "", name, 1, 1_000), 0))
                .user()
                .id();
    }

    /** What another program does: past the stores, over a connection of its own, all or nothing. */
    private void foreign(String... statements) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String sql : statements) {
                statement.execute(sql);
            }
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(String.join("; ", statements), e);
        }
    }

    /** What a node does for a call, in all tables. */
    private void charge(long units) {
        foreign(
                "update users set quota = quota - %1$d, used_quota = used_quota + %1$d where id = %2$d"
                        .formatted(units, user),
                "update tokens set remain_quota = remain_quota - %1$d, used_quota = used_quota + %1$d where id = %2$d"
                        .formatted(units, token),
                "update channels set used_quota = used_quota + %d where id = %d".formatted(units, channel),
                "insert into logs (user_id, token_id, channel_id, type, quota, created_at) values (%d, %d, %d, 2, %d, 5)"
                        .formatted(user, token, channel, units),
                "insert into quota_data (user_id, quota, created_at) values (%d, %d, 0)".formatted(user, units));
    }

    private BookReport audit() {
        auditor.begin();
        work.remove().run();
        return auditor.report();
    }

    @Test
    void beforeTheFirstAuditThereIsNothingToReport() {
        assertThat(auditor.report()).isEqualTo(BookReport.NEVER);
        assertThat(auditor.cancel().state()).isEqualTo(State.NEVER);
    }

    @Test
    void booksInOrderAreCleanAndEveryAccountWasLookedAt() {
        charge(30);
        stores.balances().credit(AccountKind.USER, user, 50, 0, "gift");
        for (int i = 0; i < 4; i++) {
            user("user" + i);
        }

        BookReport report = audit();

        assertThat(report.isClean()).isTrue();
        assertThat(unclean).isEmpty();
        assertThat(report.state()).isEqualTo(State.DONE);
        assertThat(report.run()).isEqualTo("run 1");
        assertThat(report.startedAt()).isEqualTo(START.getEpochSecond());
        assertThat(report.finishedAt()).isEqualTo(START.getEpochSecond());
        assertThat(report.checked(BookKind.USER)).isEqualTo(5);
        assertThat(report.checked(BookKind.TOKEN)).isEqualTo(1);
        assertThat(report.checked(BookKind.CHANNEL)).isEqualTo(1);
        assertThat(report.opened()).isZero();
    }

    @Test
    void aBalanceThatAnotherProgramChangesIsShownAsSuchWithTheTimeWhenItWasRight() {
        now = START.plusSeconds(60);
        assertThat(audit().isClean()).isTrue();
        now = START.plusSeconds(120);
        foreign("update users set quota = quota - 7 where id = " + user);

        BookReport report = audit();

        assertThat(report.isClean()).isFalse();
        assertThat(unclean).containsExactly(report);
        assertThat(report.differing()).isEqualTo(1);
        assertThat(report.differences())
                .containsExactly(new BookDifference(
                        BookKind.USER,
                        user,
                        Figure.BALANCE,
                        1_000,
                        993,
                        START.plusSeconds(60).getEpochSecond()));
        assertThat(report.differences().get(0).cause()).isEqualTo(Cause.FOREIGN_CHANGE);
        assertThat(report.differences().get(0).units()).isEqualTo(-7);
    }

    @Test
    void aLogRowThatIsMissingIsMissedByAllThatTellOfIt() {
        charge(30);
        foreign("delete from logs");

        assertThat(audit().differences())
                .extracting(BookDifference::kind, BookDifference::what, BookDifference::units, BookDifference::cause)
                .containsExactly(
                        tuple(BookKind.USER, Figure.LOGS, -30L, Cause.CHARGE_WITHOUT_ROW),
                        tuple(BookKind.TOKEN, Figure.LOGS, -30L, Cause.CHARGE_WITHOUT_ROW),
                        tuple(BookKind.CHANNEL, Figure.LOGS, -30L, Cause.CHARGE_WITHOUT_ROW));
    }

    @Test
    void aChannelWhoseFigureWasChangedIsFound() {
        charge(30);
        foreign("update channels set used_quota = 0");

        assertThat(audit().differences())
                .extracting(
                        BookDifference::kind, BookDifference::accountId, BookDifference::units, BookDifference::cause)
                .containsExactly(tuple(BookKind.CHANNEL, channel, 30L, Cause.ROW_WITHOUT_CHARGE));
    }

    @Test
    void hourlyFiguresThatAreMissingAreFound() {
        charge(30);
        foreign("delete from quota_data");

        assertThat(audit().differences()).extracting(BookDifference::what).containsExactly(Figure.HOURLY);
    }

    @Test
    void whatFoundNoAccountIsReportedThoughAllAccountsAreInOrder() {
        foreign("insert into newapi_ledger_suspense (writer_id, kind, account_id, amount, reason, created_at)"
                + " values ('w', 1, 99, -5, 'the user 99 does not exist', 9)");

        BookReport report = audit();

        assertThat(report.state()).isEqualTo(State.DONE);
        assertThat(report.isClean()).isFalse();
        assertThat(report.suspended()).isEqualTo(1);
        assertThat(report.suspense())
                .containsExactly(new SuspenseRow("w", BookKind.USER, 99, -5, "the user 99 does not exist", 9));
    }

    @Test
    void anAccountOfTheOriginalIsCountedAsOpenedOnce() {
        foreign("insert into users (id, username, password, quota, used_quota) values (77, 'foreign', 'x', 5, 60)");

        assertThat(audit().opened()).isEqualTo(1);
        assertThat(audit().opened()).isZero();
    }

    @Test
    void differencesBeyondTheBoundAreCountedAndNotKept() {
        int accounts = AuditRun.MOST_DIFFERENCES + 3;
        foreign("with recursive n(i) as (select 1 union all select i + 1 from n where i < " + accounts + ")"
                + " insert into channels (id, `key`, used_quota) select 1000 + i, 'k', 0 from n");
        Auditor wide = new Auditor(stores.books(), () -> now, Runnable::run, () -> "wide", report -> {}, 500, () -> {});
        assertThat(wide.begin().opened()).isEqualTo(accounts);
        foreign("update channels set used_quota = 1");

        BookReport report = wide.begin();

        assertThat(report.differing()).isEqualTo(accounts + 1);
        assertThat(report.differences()).hasSize(AuditRun.MOST_DIFFERENCES);
    }

    /** As the original does, which takes from the balance first and counts what was used later. */
    @Test
    void whatIsRightAgainAtALaterLookIsNoDifference() {
        foreign("update users set quota = quota - 7 where id = " + user);
        AtomicInteger looks = new AtomicInteger(1);
        pause = () -> {
            if (looks.incrementAndGet() == AuditRun.LOOKS) {
                foreign("update users set quota = quota + 7 where id = " + user);
            }
        };

        assertThat(audit().isClean()).isTrue();
        assertThat(looks).hasValue(AuditRun.LOOKS);
    }

    @Test
    void whoDiffersInOneFigureAfterAnotherHasNoDifferenceThatLasts() {
        foreign("update users set quota = quota - 7 where id = " + user);
        pause = () -> {
            foreign("update users set quota = 1000 where id = " + user, "delete from quota_data");
            foreign("insert into quota_data (user_id, quota, created_at) values (" + user + ", 1, 0)");
        };

        assertThat(audit().differing()).isZero();
    }

    @Test
    void aSecondRequestIsAnsweredWithTheRunThatIsUnderWay() {
        BookReport first = auditor.begin();

        assertThat(auditor.begin()).isEqualTo(first);
        assertThat(first.state()).isEqualTo(State.RUNNING);
        assertThat(work).hasSize(1);

        work.remove().run();
        assertThat(auditor.begin().run()).isEqualTo("run 2");
    }

    @Test
    void aCancelledRunLooksAtNothingMoreAndAnotherMayBegin() {
        auditor.begin();

        BookReport cancelled = auditor.cancel();
        auditor.begin();
        work.remove().run();

        assertThat(cancelled.state()).isEqualTo(State.CANCELLED);
        assertThat(auditor.report().run()).isEqualTo("run 2");
        assertThat(auditor.report().state()).isEqualTo(State.RUNNING);
        work.remove().run();
        assertThat(auditor.report().isClean()).isTrue();
    }

    @Test
    void aRunThatIsCancelledBetweenTwoLooksStaysCancelled() {
        foreign("update users set quota = quota - 7 where id = " + user);
        pause = () -> auditor.cancel();

        BookReport report = audit();

        assertThat(report.state()).isEqualTo(State.CANCELLED);
        assertThat(report.checked(BookKind.USER)).isZero();
        assertThat(report.differing()).isZero();
    }

    @Test
    void aPageThatCannotBeReadEndsTheRunAndSaysWhere() {
        foreign("drop table newapi_credits");

        BookReport report = audit();

        assertThat(report.state()).isEqualTo(State.FAILED);
        assertThat(report.isClean()).isFalse();
        assertThat(report.failure()).startsWith("the books of users behind id 0 cannot be checked: ");
        assertThat(report.finishedAt()).isPositive();
    }

    @Test
    void aNodeThatEndsEndsItsRun() {
        auditor.begin();

        auditor.close();

        assertThat(auditor.report().state()).isEqualTo(State.CANCELLED);
    }
}
