package io.newapi.server.e2e;

import static io.newapi.server.e2e.DataDirectory.CALL_UNITS;
import static io.newapi.server.e2e.DataDirectory.PER_CALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.sandbox.Script;
import io.newapi.server.testing.InstalledProgram;
import io.newapi.server.testing.InstalledProgram.Ended;
import io.newapi.server.testing.MariaDb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup is made while a node serves, more happens, and the backup is put back: the books are in order. */
class BackupIT {

    private static final long PLENTY = 1_000_000;
    private static final String UNTESTED = "backups";

    @TempDir
    Path path;

    private final Upstreams upstreams = new Upstreams();
    private Path backups;

    @BeforeEach
    void prepare() throws IOException {
        backups = Files.createDirectory(path.resolve("backups"));
    }

    @AfterEach
    void closeUpstreams() {
        upstreams.close();
    }

    @Test
    void theDatabasesOfAServerComeBackAsTheyWere() throws IOException {
        MariaDb server = MariaDb.orLeaveOut(UNTESTED);
        InstalledProgram.orLeaveOut("mariadb-dump", "mariadb", UNTESTED);
        SharedDatabase main = SharedDatabase.create(server);
        SharedDatabase logs = SharedDatabase.create(server);
        DataDirectory directory = DataDirectory.create(Files.createDirectory(path.resolve("a")), main)
                .withLogsIn(logs);

        backupChangeAndRestore(directory, Map.of("SQL_DSN", main.dsn(), "LOG_SQL_DSN", logs.dsn()));
    }

    @Test
    void soDoesASqliteFile() throws IOException {
        InstalledProgram.orLeaveOut("sqlite3", "sqlite", UNTESTED);
        DataDirectory directory = DataDirectory.create(Files.createDirectory(path.resolve("a")));

        backupChangeAndRestore(directory, Map.of());
    }

    private void backupChangeAndRestore(DataDirectory directory, Map<String, String> settings) throws IOException {
        directory.channel("only", upstreams.start(Script.PLAIN).url(), 0);
        Key key = directory.unlimitedToken(directory.user("rich", PLENTY), "unlimited");
        Audited.Root root = directory.root();
        Path env = Files.writeString(path.resolve("env"), lines(settings));
        String backup;
        try (NodeProcess node = NodeProcess.start(directory, Map.of())) {
            call(node, key, 5);
            Eventually.until(
                    "five calls are booked",
                    () -> Books.read(directory).charges(key).size() == 5);
            backup = made(script(directory, "backup.sh", "--env-file", env.toString(), backups.toString()));
            call(node, key, 7);
            Ended early = script(directory, "restore.sh", "--env-file", env.toString(), "--replace", backup);
            assertThat(early.exit()).isNotZero();
            assertThat(early.output()).contains("nothing was changed");
            node.terminate();
            node.waitForEnd();
        }
        directory.user("young", PLENTY);

        Ended restored = script(directory, "restore.sh", "--env-file", env.toString(), "--replace", backup);

        assertThat(restored.exit()).as(restored.output()).isZero();
        assertThat(Books.read(directory).charges(key)).hasSize(5);
        try (NodeProcess node = NodeProcess.start(directory, Map.of())) {
            call(node, key, 3);
            Eventually.until(
                    "the rows of three more calls are stored",
                    () -> Books.read(directory).charges(key).size() == 8);
            Audited.inOrder(root, node.url());
            node.terminate();
            node.waitForEnd();
        }
        assertThat(Books.read(directory).charges(key)).hasSize(8).allMatch(charge -> charge.quota() == CALL_UNITS);
        Books.read(directory).agree();
    }

    @Test
    void aDamagedBackupAndAMissingDatabaseAreRefused() throws IOException {
        InstalledProgram.orLeaveOut("sqlite3", "sqlite", UNTESTED);
        DataDirectory directory = DataDirectory.create(Files.createDirectory(path.resolve("a")));
        Ended nowhere = script(path, Map.of("SQLITE_PATH", "missing.db"), "backup.sh", backups.toString());
        assertThat(nowhere.exit()).isNotZero();
        try (Stream<Path> left = Files.list(backups)) {
            assertThat(left).isEmpty();
        }
        String backup = made(script(directory, "backup.sh", backups.toString()));
        Files.write(Path.of(backup, "database.sqlite.gz"), new byte[] {1});

        Ended ended = script(directory, "restore.sh", "--replace", backup);

        assertThat(ended.exit()).isNotZero();
        assertThat(ended.output()).contains("is damaged; nothing was changed");
    }

    private static void call(NodeProcess node, Key key, int times) {
        Caller caller = new Caller(node.url());
        List<Reply> replies = caller.together(times, key, Caller.question(PER_CALL, "Who are you?"));
        assertThat(replies).allMatch(Reply::complete);
    }

    private static String made(Ended ended) {
        assertThat(ended.exit()).as(ended.output()).isZero();
        return ended.output().strip();
    }

    private static String lines(Map<String, String> settings) {
        StringBuilder lines = new StringBuilder("# settings\nOTHER=1\n");
        settings.forEach(
                (name, value) -> lines.append(name).append("='").append(value).append("'\n"));
        return lines.toString();
    }

    private static Ended script(DataDirectory directory, String name, String... arguments) {
        return script(directory.path(), Map.of(), name, arguments);
    }

    private static Ended script(Path folder, Map<String, String> environment, String name, String... arguments) {
        return new InstalledProgram(Shipped.file(name)).run(folder, environment, arguments);
    }
}
