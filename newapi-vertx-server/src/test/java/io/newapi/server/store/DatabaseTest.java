package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {

    @TempDir
    Path directory;

    @Test
    void aNewFileUsesAWriteAheadLog() {
        Path file = directory.resolve("new.db");

        TestDatabase.open(file).close();

        assertThat(TestDatabase.query(file, "pragma journal_mode")).containsExactly("wal");
    }

    @Test
    void aNewFileIsForItsOwnerAloneAndSoAreTheFilesBesideIt() throws IOException {
        Path file = directory.resolve("new.db");

        try (Database database = TestDatabase.open(file)) {
            Schema.create(database);
            for (String name : List.of("new.db", "new.db-wal", "new.db-shm")) {
                assertThat(modes(directory.resolve(name))).as(name).isEqualTo("rw-------");
            }
        }
    }

    @Test
    void anExistingFileKeepsItsMode() throws IOException {
        Path file = TestDatabase.original(directory);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        TestDatabase.open(file).close();

        assertThat(modes(file)).isEqualTo("rw-r--r--");
        assertThat(OwnersFile.isReadableByOthers(file)).isTrue();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw--w--w-"));
        assertThat(OwnersFile.isReadableByOthers(file)).isFalse();
    }

    private static String modes(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void theJournalModeOfAnExistingFileIsLeftAlone() {
        Path file = TestDatabase.original(directory);

        try (Database database = TestDatabase.open(file)) {
            Schema.create(database);
            assertThat(journalMode(database)).isEqualTo("delete");
        }

        assertThat(TestDatabase.query(file, "pragma journal_mode")).containsExactly("delete");
    }

    @Test
    void aFileThatIsNoDatabaseIsNamedAsSuch() throws IOException {
        Path file = directory.resolve("notes.txt");
        Files.writeString(file, "this is a text and certainly not an SQLite database".repeat(50));

        assertThatExceptionOfType(DatabaseException.class)
                .isThrownBy(() -> TestDatabase.open(file))
                .withMessageContaining("notes.txt")
                .withMessageContaining("not an SQLite database")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(DatabaseException.Reason.NOT_A_DATABASE));
    }

    @Test
    void aDirectoryIsNoDatabase() {
        assertThatExceptionOfType(DatabaseException.class)
                .isThrownBy(() -> TestDatabase.open(directory))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(DatabaseException.Reason.NOT_A_DATABASE));
    }

    @Test
    void aMissingDirectoryIsNotMade() {
        Path file = directory.resolve("missing/one-api.db");

        assertThatExceptionOfType(DatabaseException.class)
                .isThrownBy(() -> TestDatabase.open(file))
                .withMessageContaining("does not exist")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(DatabaseException.Reason.NOT_WRITABLE));
        assertThat(file.getParent()).doesNotExist();
    }

    @Test
    void aFileThatAnotherProcessKeepsLockedIsReported() throws SQLException {
        Path file = TestDatabase.original(directory);
        SqliteLocation impatient = new SqliteLocation(file, Duration.ofMillis(1), List.of());

        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = other.createStatement()) {
            statement.execute("begin exclusive");

            assertThatExceptionOfType(DatabaseException.class)
                    .isThrownBy(() -> Database.open(DatabaseConfig.of(impatient)))
                    .withMessageContaining("locked")
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(DatabaseException.Reason.LOCKED));
        }
    }

    @Test
    void aWriteThatMeetsALockSucceedsOnceItIsGone() throws SQLException {
        try (TestDatabase test = TestDatabase.create(directory);
                Connection other = DriverManager.getConnection("jdbc:sqlite:" + test.database.file());
                Statement statement = other.createStatement()) {
            statement.execute("begin immediate");
            ExecutorService worker = Executors.newSingleThreadExecutor();
            Future<?> write = worker.submit(() -> test.stores.options().put(Map.of("Notice", "later")));
            worker.shutdown();
            statement.execute("insert into options values ('About', 'first')");
            statement.execute("commit");

            assertThat(write).succeedsWithin(Duration.ofSeconds(60));
            assertThat(test.stores.options().all())
                    .containsEntry("Notice", "later")
                    .containsEntry("About", "first");
        }
    }

    @Test
    void aFailureRollsEverythingBack() {
        try (TestDatabase test = TestDatabase.create(directory)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> test.database.write(context -> {
                        test.stores.options().put(Map.of("Notice", "x"));
                        throw new IllegalStateException("after the change");
                    }));

            assertThat(test.stores.options().all()).isEmpty();
        }
    }

    @Test
    void writesInsideAWriteAreOneTransaction() {
        try (TestDatabase test = TestDatabase.create(directory)) {
            boolean seen = test.database.write(context -> {
                test.stores.options().put(Map.of("Notice", "x"));
                assertThat(TestDatabase.query(test.database.file(), "select * from options"))
                        .as("not yet visible to others")
                        .isEmpty();
                return test.stores.options().get("Notice").isPresent();
            });

            assertThat(seen).as("visible inside").isTrue();
            assertThat(test.stores.options().get("Notice")).contains("x");
        }
    }

    @Test
    void whatFollowsACommitIsDoneOnceItIsThereAndNeverOtherwise() {
        List<String> done = new ArrayList<>();
        try (TestDatabase test = TestDatabase.create(directory)) {
            test.database.afterCommit(() -> done.add("nothing is open"));
            test.database.write(context -> {
                test.stores.options().put(Map.of("Notice", "x"));
                test.database.write(inner -> {
                    test.database.afterCommit(
                            () -> done.addAll(TestDatabase.query(test.database.file(), "select `value` from options")));
                    return inner;
                });
                return assertThat(done).containsExactly("nothing is open");
            });
            assertThatThrownBy(() -> test.database.write(context -> {
                        test.database.afterCommit(() -> done.add("undone"));
                        throw new IllegalStateException("after the change");
                    }))
                    .hasMessage("after the change");

            assertThat(done).containsExactly("nothing is open", "x");
        }
    }

    @Test
    void aReaderSeesOneStateHoweverOftenItLooks() {
        try (TestDatabase test = TestDatabase.create(directory)) {
            List<String> looks = test.database.read(context -> {
                String before = String.valueOf(test.stores.options().all());
                TestDatabase.execute(test.database.file(), "insert into options values ('Notice', 'new')");
                return List.of(before, String.valueOf(test.stores.options().all()));
            });

            assertThat(looks).containsExactly("{}", "{}");
            assertThat(test.stores.options().all()).containsEntry("Notice", "new");
        }
    }

    @Test
    void aReaderCannotWrite() {
        try (TestDatabase test = TestDatabase.create(directory)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> test.database.read(context -> test.database.write(inner -> 1)));
            assertThatExceptionOfType(DatabaseException.class)
                    .isThrownBy(() -> test.database.read(context -> context.execute("delete from options")));
        }
    }

    @Test
    void manyWritersAtOnceLoseNothing() throws Exception {
        try (TestDatabase test = TestDatabase.create(directory)) {
            long user = test.user("busy", 0);
            ExecutorService workers = Executors.newFixedThreadPool(4);
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                done.add(workers.submit(() -> test.stores.balances().credit(AccountKind.USER, user, 5, 0, "test")));
            }
            workers.shutdown();
            for (Future<?> each : done) {
                each.get();
            }

            assertThat(test.stores.users().byId(user).orElseThrow().quota()).isEqualTo(200);
        }
    }

    @Test
    void afterClosingEveryCallFails() {
        TestDatabase test = TestDatabase.create(directory);
        test.close();
        test.close();

        assertThatExceptionOfType(DatabaseException.class)
                .isThrownBy(() -> test.stores.options().all())
                .satisfies(e -> assertThat(e.reason()).isEqualTo(DatabaseException.Reason.CLOSED));
    }

    private static String journalMode(Database database) {
        return database.read(
                context -> context.fetchSingle("pragma journal_mode").get(0, String.class));
    }
}
