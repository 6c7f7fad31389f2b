package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.newapi.core.quota.JournalDirectory;
import io.newapi.core.quota.JournalFollower;
import io.newapi.core.quota.JournalRecovery;
import io.newapi.core.quota.QuotaAuthority.Exchange;
import io.newapi.core.quota.UsageJournal;
import io.newapi.core.quota.WriterId;
import io.newapi.server.store.BookDifference.Figure;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Balances in one database, logs in another. */
class LogsApartTest {

    private static final int ENTRIES = 703;

    @TempDir
    Path directory;

    private TestDatabase main;
    private TestDatabase logs;
    private Stores stores;
    private SqlQuotaAuthority rowsWithCharges;
    private SqlQuotaAuthority authority;
    private SqlLogFollower follower;

    @BeforeEach
    void open() {
        main = TestDatabase.create(directory);
        Database apart = TestDatabase.open(directory.resolve("logs.db"));
        Schema.createLogs(apart);
        logs = TestDatabase.of(apart);
        stores = Stores.of(main.database, apart, InstantSource.fixed(TestDatabase.NOW));
        rowsWithCharges = new SqlQuotaAuthority(
                main.database, Runnable::run, InstantSource.fixed(TestDatabase.NOW), "node-1", "/data");
        authority = rowsWithCharges.withoutLogRows();
        follower = new SqlLogFollower(main.database, apart, Runnable::run);
        // the payer of LoggedCall, and one who was here before
        assertThat(main.user("ada", 1_000_000)).isEqualTo(1);
        main.execute("insert into channels (id, `key`, name) values (5, 'k', 'c')");
        main.execute(
                "insert into tokens (id, user_id, `key`, name, status, remain_quota, unlimited_quota, expired_time)"
                        + " values (11, 1, 'key', 't', 1, 500000, 0, -1)");
        audit();
    }

    @AfterEach
    void close() {
        main.close();
        logs.close();
    }

    private List<BookDifference> audit(BookKind kind) {
        return stores.books().check(kind, 0, 100).differences();
    }

    private void audit() {
        for (BookKind kind : BookKind.values()) {
            assertThat(audit(kind)).isEmpty();
        }
    }

    /** A writer whose process is gone, with as many entries in its journal. */
    private WriterId leave(JournalDirectory journals, int entries) {
        return leave(journals, authority, entries);
    }

    private static WriterId leave(JournalDirectory journals, SqlQuotaAuthority registering, int entries) {
        WriterId writer = WriterId.random(new SecureRandom());
        registering.register(writer).toCompletableFuture().join();
        try (UsageJournal journal = journals.create(writer)) {
            for (int i = 0; i < entries; i++) {
                journal.append(LoggedCall.of("r" + i, 2));
            }
        }
        return writer;
    }

    private void book(UsageJournal journal, int entries) {
        UsageJournal.Page page = journal.read(0, entries);
        authority
                .exchange(new Exchange(
                        journal.writer(), 0, page.entries(), page.positions(), Map.of(), List.of(), Set.of()))
                .toCompletableFuture()
                .join();
    }

    @Test
    void aChargeAndItsHourlyFiguresAreInTheMainDatabaseAndItsRowIsNot() {
        try (JournalDirectory journals = JournalDirectory.open(directory.resolve("journal"))) {
            leave(journals, 1);
        }
        try (JournalDirectory journals = JournalDirectory.open(directory.resolve("journal"))) {
            book(journals.left().get(0), 1);
        }

        assertThat(main.query("select used_quota from users")).containsExactly("2");
        assertThat(main.query("select count, quota from quota_data")).containsExactly("1|2");
        assertThat(main.query("select * from logs")).isEmpty();
        assertThat(audit(BookKind.USER))
                .as("of a row that is on its way nobody says that it is missing")
                .isEmpty();
    }

    @Test
    void aJournalThatIsHalfBookedAndHalfLoggedIsFinishedByTheNextStartAndEveryRowIsThereOnce() {
        try (JournalDirectory journals = JournalDirectory.open(directory.resolve("journal"))) {
            leave(journals, ENTRIES);
        }
        try (JournalDirectory journals = JournalDirectory.open(directory.resolve("journal"))) {
            UsageJournal journal = journals.left().get(0);
            book(journal, 600);
            follower.follow(journal).toCompletableFuture().join();
            assertThat(logs.query("select * from logs")).hasSize(500);

            recover(journals, follower);

            assertThat(journals.left()).isEmpty();
        }
        assertThat(logs.query("select distinct request_id from logs")).hasSize(ENTRIES);
        assertThat(logs.query("select * from logs")).hasSize(ENTRIES);
        assertThat(main.query("select used_quota from users")).containsExactly(Integer.toString(2 * ENTRIES));
        audit();
    }

    @Test
    void aStartThatEndsBetweenTheTwoDatabasesKeepsTheJournal() {
        try (JournalDirectory journals = JournalDirectory.open(directory.resolve("journal"))) {
            leave(journals, 3);
        }
        try (JournalDirectory journals = JournalDirectory.open(directory.resolve("journal"))) {
            JournalRecovery.Recovered ended =
                    recover(journals, journal -> CompletableFuture.failedFuture(new IllegalStateException("killed")));
            assertThat(ended.waiting()).hasSize(1);
            assertThat(main.query("select used_quota from users")).containsExactly("6");
            assertThat(logs.query("select * from logs")).isEmpty();
            assertThat(journals.left()).hasSize(1);

            recover(journals, follower);

            assertThat(journals.left()).isEmpty();
        }
        assertThat(main.query("select used_quota from users")).containsExactly("6");
        assertThat(logs.query("select request_id from logs")).containsExactly("r0", "r1", "r2");
        audit();
    }

    @Test
    void whatWasLeftFromBeforeLogsWereApartHasItsRowsWithItsCharges() {
        try (JournalDirectory journals = JournalDirectory.open(directory.resolve("journal"))) {
            leave(journals, rowsWithCharges, 3);
        }
        try (JournalDirectory journals = JournalDirectory.open(directory.resolve("journal"))) {
            recover(journals, follower);

            assertThat(journals.left()).isEmpty();
        }
        assertThat(main.query("select request_id from logs")).containsExactly("r0", "r1", "r2");
        assertThat(logs.query("select * from logs")).isEmpty();
        assertThat(logs.query("select * from newapi_log_positions")).isEmpty();
    }

    @Test
    void whatWasLeftWhileLogsWereApartIsStoredInTheMainDatabaseOnceTheyAreNoLonger() {
        try (JournalDirectory journals = JournalDirectory.open(directory.resolve("journal"))) {
            leave(journals, 3);
        }
        try (JournalDirectory journals = JournalDirectory.open(directory.resolve("journal"))) {
            book(journals.left().get(0), 2);
            SqlLogFollower here = new SqlLogFollower(main.database, main.database, Runnable::run);

            new JournalRecovery(journals, rowsWithCharges, here)
                    .recoverAll()
                    .toCompletableFuture()
                    .join();

            assertThat(journals.left()).isEmpty();
        }
        assertThat(main.query("select request_id from logs")).containsExactly("r0", "r1", "r2");
        assertThat(Stores.of(main.database, InstantSource.fixed(TestDatabase.NOW))
                        .books()
                        .check(BookKind.USER, 0, 100)
                        .differences())
                .isEmpty();
    }

    private JournalRecovery.Recovered recover(JournalDirectory journals, JournalFollower second) {
        return new JournalRecovery(journals, authority, second)
                .recoverAll()
                .toCompletableFuture()
                .join();
    }

    // ---- the stores ----

    @Test
    void everyReaderOfLogsReadsTheDatabaseOfLogs() {
        stores.logs().append(LogRow.remark(LogType.MANAGE, 1, "ada", 5, "quota changed"));
        logs.execute("insert into logs (user_id, type, quota, prompt_tokens, created_at, token_id, content) values"
                + " (1, 2, 7, 3, 9, 11, 'call')");

        assertThat(stores.logs().page(LogFilter.ALL, PageRequest.first()).items())
                .extracting(LogRow::content)
                .containsExactly("call", "quota changed");
        assertThat(stores.logs().byToken(11, 10)).hasSize(1);
        assertThat(stores.logs().search("quota")).hasSize(1);
        assertThat(stores.logs().stat(LogFilter.ALL).quota()).isEqualTo(7);
        assertThat(main.query("select * from logs")).isEmpty();
    }

    @Test
    void aRemarkIsWrittenOnceWhatItTellsOfIsCertain() {
        assertThatThrownBy(() -> stores.atomically(() -> {
                    stores.logs().append(LogRow.remark(LogType.MANAGE, 1, "ada", 5, "never happened"));
                    throw new IllegalStateException("undone");
                }))
                .hasMessage("undone");
        assertThat(logs.query("select * from logs")).isEmpty();

        stores.atomically(() -> {
            stores.logs().append(LogRow.remark(LogType.MANAGE, 1, "ada", 5, "happened"));
            assertThat(logs.query("select * from logs")).isEmpty();
            return stores;
        });

        assertThat(logs.query("select content from logs")).containsExactly("happened");
    }

    @Test
    void aDatabaseOfLogsThatIsAwayKeepsNobodyFromChangingABalance() {
        logs.close();

        stores.atomically(() -> {
            stores.balances().credit(AccountKind.USER, 1, 50, 0, "gift");
            stores.logs().append(LogRow.remark(LogType.MANAGE, 1, "ada", 5, "lost"));
            return stores;
        });

        assertThat(main.query("select quota from users")).containsExactly("1000050");
    }

    // ---- the books ----

    @Test
    void rowsThatAreRemovedLeaveTheBooksClean() {
        main.execute("update users set quota = quota - 9, used_quota = 9");
        main.execute("insert into quota_data (user_id, quota, created_at) values (1, 9, 0)");
        logs.execute("insert into logs (user_id, type, quota, created_at) values (1, 2, 4, 5), (1, 2, 5, 5)");
        audit();

        assertThat(stores.logs().deleteOlderThan(6)).isEqualTo(2);

        assertThat(logs.query("select kind, account_id, units from newapi_removed_logs"))
                .containsExactly("1|1|9");
        audit();
    }

    @Test
    void whatLogsDoNotTellOfIsADifference() {
        main.execute("update users set quota = quota - 9, used_quota = 9");

        assertThat(audit(BookKind.USER)).extracting(BookDifference::what).containsExactly(Figure.LOGS, Figure.HOURLY);
    }

    private void foreignUser(long used) {
        main.execute("insert into users (id, username, password, quota, used_quota) values (77, 'foreign', 'x', 5, "
                + used + ")");
    }

    private void writer(String id, int state, long charged) {
        writer(id, state, charged, ConsumeLogs.Rows.APART);
    }

    private void writer(String id, int state, long charged, ConsumeLogs.Rows rows) {
        main.execute("insert into newapi_ledger_writers"
                + " (writer_id, node_name, place, state, applied_pos, started_at, rows_apart)"
                + " values ('" + id + "', 'n', 'p', " + state + ", " + charged + ", 1, " + rows.code() + ")");
    }

    private void stored(String id, long position) {
        logs.execute("delete from newapi_log_positions where writer_id = '" + id + "'");
        logs.execute("insert into newapi_log_positions values ('" + id + "', " + position + ")");
    }

    @Test
    void anAccountWhoseRowsMayBeOnTheirWayIsNotTakenAsItIs() {
        foreignUser(60);
        writer("open", 0, 100);
        assertThat(stores.books().check(BookKind.USER, 0, 100).opened())
                .as("none is stored")
                .isZero();
        stored("open", 50);
        assertThat(stores.books().check(BookKind.USER, 0, 100).opened())
                .as("some are stored")
                .isZero();
        stored("open", 150);
        assertThat(stores.books().check(BookKind.USER, 0, 100).opened())
                .as("some are not charged")
                .isZero();

        stored("open", 100);

        assertThat(stores.books().check(BookKind.USER, 0, 100).opened()).isEqualTo(1);
        assertThat(audit(BookKind.USER)).isEmpty();
    }

    @Test
    void aDeadWriterWhoseDiskIsAwayMayStillHaveRows() {
        foreignUser(60);
        writer("dead", 2, 100);
        assertThat(stores.books().check(BookKind.USER, 0, 100).opened())
                .as("logs were away while it ran")
                .isZero();
        stored("dead", 50);
        assertThat(stores.books().check(BookKind.USER, 0, 100).opened())
                .as("some are stored")
                .isZero();
    }

    @Test
    void writersFromBeforeTheDatabaseOfLogsAreOfNoInterest() {
        foreignUser(60);
        writer("old", 2, 100, ConsumeLogs.Rows.WITH_CHARGES);

        assertThat(stores.books().check(BookKind.USER, 0, 100).opened()).isEqualTo(1);
    }
}
