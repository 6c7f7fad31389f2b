package io.newapi.server.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
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
 * One PostgreSQL server for all tests of a test program: the one that is installed, else the one that comes as a Maven
 * artifact (Linux on x86-64). It starts when the first test needs it and ends with the program. Each test makes databases of its own. PostgreSQL does not run as root: then another user
 * of the machine runs it.
 */
public final class PostgreSql {

    /** The user that tests log in as. */
    public static final String USER = "newapi";

    /** Its password. */
    public static final String PASSWORD = "secret@/:#";

    private static final String SUPERUSER = "postgres";

    /** Below the ports that outgoing connections use, so that none of them holds the number. */
    private static final int LOWEST_PORT = 20_000;

    private static final int PORTS = 12_000;
    private static final int STARTS = 5;
    private static final List<String> FOLDERS =
            List.of("/usr/bin", "/usr/local/bin", "/opt/homebrew/bin", "/opt/homebrew/opt/postgresql@17/bin");
    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
    private static final List<String> OTHER_USERS = List.of("postgres", "nobody");
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private static @Nullable PostgreSql shared;
    private static boolean looked;

    private final Path program;
    private final Path folder;
    private final int port;
    private final Optional<String> runAs;
    private @Nullable Process process;

    private PostgreSql(Path program, Path folder, int port, Optional<String> runAs) {
        this.program = program;
        this.folder = folder;
        this.port = port;
        this.runAs = runAs;
        Runtime.getRuntime().addShutdownHook(new Thread(this::remove));
    }

    /**
     * The server, or the end of the calling test.
     *
     * @param untested what remains unproven without it
     */
    public static PostgreSql orLeaveOut(String untested) {
        return LeftOut.byBuildSettings().unlessFound(shared(), "postgres", untested);
    }

    /**
     * A server that the calling test may kill and start as it likes, or the end of the test.
     *
     * @param untested what remains unproven without it
     */
    public static PostgreSql ownOrLeaveOut(String untested) {
        return LeftOut.byBuildSettings().unlessFound(Optional.ofNullable(start()), "postgres", untested);
    }

    private static synchronized Optional<PostgreSql> shared() {
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
        execute("create database \"" + name + "\" owner " + USER);
        return name;
    }

    /** The form in which the gateway is told of a database. */
    public String dsn(String database) {
        return "postgres://" + USER + ":" + URLEncoder.encode(PASSWORD, StandardCharsets.UTF_8) + "@127.0.0.1:" + port
                + "/" + database + "?sslmode=disable";
    }

    /** Runs a statement as the superuser. */
    public void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Ends the server's process without giving it time to tidy up. */
    public void kill() {
        Process running = process;
        if (running != null && running.isAlive()) {
            // SIGKILL would leave its children to themselves for a while
            run("kill", "-QUIT", Long.toString(running.pid()));
            if (!awaitEnd(running, 10_000)) {
                running.destroyForcibly();
                awaitEnd(running, 10_000);
            }
        }
    }

    /** Starts it again, with what it had stored. */
    public void startAgain() {
        if (!run()) {
            throw new IllegalStateException("PostgreSQL did not come back on port " + port);
        }
    }

    // ---- starting ----

    private static @Nullable PostgreSql start() {
        Optional<Path> programs = programs();
        Optional<String> runAs = isRoot() ? otherUser() : Optional.empty();
        if (programs.isEmpty() || (isRoot() && runAs.isEmpty())) {
            return null;
        }
        for (int attempt = 0; attempt < STARTS; attempt++) {
            PostgreSql server = new PostgreSql(
                    programs.get().resolve("postgres"),
                    folder(runAs),
                    LOWEST_PORT + RandomGenerator.getDefault().nextInt(PORTS),
                    runAs);
            if (server.install(programs.get().resolve("initdb")) && server.run()) {
                server.execute("create role " + USER + " login password '" + PASSWORD + "'");
                return server;
            }
        }
        return null;
    }

    /** The folder of the server's programs; distributions keep them off the PATH, by version. */
    private static Optional<Path> programs() {
        Stream<Path> folders = Stream.concat(
                Stream.concat(Stream.of(System.getenv().getOrDefault("PATH", "").split(":")), FOLDERS.stream())
                        .filter(name -> !name.isEmpty())
                        .map(Path::of),
                versions());
        return folders.filter(folder ->
                        Files.isExecutable(folder.resolve("postgres")) && Files.isExecutable(folder.resolve("initdb")))
                .findFirst()
                .or(PostgreSql::fromArtifact);
    }

    private static Optional<Path> fromArtifact() {
        if (!System.getProperty("os.name", "").equals("Linux")
                || !System.getProperty("os.arch", "").equals("amd64")) {
            return Optional.empty();
        }
        try (InputStream archive = PostgreSql.class.getResourceAsStream("/postgres-linux-x86_64.txz")) {
            if (archive == null) {
                return Optional.empty();
            }
            Path folder = Files.createTempDirectory("newapi-postgres-programs");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder)));
            // the user that runs it is another than the one that unpacks it
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            Path file = folder.resolve("archive.txz");
            Files.copy(archive, file);
            return run("tar", "-xJf", file.toString(), "-C", folder.toString())
                    ? Optional.of(folder.resolve("bin"))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack PostgreSQL", e);
        }
    }

    private static Stream<Path> versions() {
        if (!Files.isDirectory(VERSIONS)) {
            return Stream.empty();
        }
        try (Stream<Path> versions = Files.list(VERSIONS)) {
            return versions.sorted(Comparator.reverseOrder()).map(version -> version.resolve("bin")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look for PostgreSQL", e);
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name", "").equals("root");
    }

    private static Optional<String> otherUser() {
        return OTHER_USERS.stream()
                .filter(user -> run("setpriv", "--reuid=" + user, "--clear-groups", "true"))
                .findFirst();
    }

    private static Path folder(Optional<String> owner) {
        try {
            Path folder = Files.createTempDirectory("newapi-postgres");
            if (owner.isPresent()) {
                Files.setOwner(
                        folder,
                        folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(owner.get()));
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a folder for PostgreSQL", e);
        }
    }

    private boolean install(Path initdb) {
        boolean installed = run(as(List.of(
                initdb.toString(),
                "--pgdata=" + folder.resolve("data"),
                "--username=" + SUPERUSER,
                "--encoding=UTF8",
                "--locale=C",
                "--auth=scram-sha-256",
                "--pwfile=" + passwordFile(),
                "--no-sync")));
        return installed && letTestsInQuickly();
    }

    /** The superuser logs in by SCRAM, which takes both sides as long as a small test does. */
    private boolean letTestsInQuickly() {
        Path rules = folder.resolve("data").resolve("pg_hba.conf");
        try {
            Files.writeString(
                    rules,
                    "host all " + USER + " 127.0.0.1/32 password\n" + Files.readString(rules),
                    StandardCharsets.UTF_8);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot say who may log in to PostgreSQL", e);
        }
    }

    private Path passwordFile() {
        try {
            return Files.writeString(folder.resolve("password"), PASSWORD);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a password for PostgreSQL", e);
        }
    }

    private String[] as(List<String> command) {
        List<String> whole = new ArrayList<>();
        runAs.ifPresent(user -> whole.addAll(List.of("setpriv", "--reuid=" + user, "--clear-groups")));
        whole.addAll(command);
        return whole.toArray(String[]::new);
    }

    private synchronized boolean run() {
        try {
            Process started = new ProcessBuilder(as(List.of(
                            program.toString(),
                            "-D",
                            folder.resolve("data").toString(),
                            "-p",
                            Integer.toString(port),
                            "-c",
                            "listen_addresses=127.0.0.1",
                            "-c",
                            "unix_socket_directories=",
                            "-c",
                            "fsync=off",
                            "-c",
                            "max_connections=300",
                            "-c",
                            "timezone=Asia/Kolkata")))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("log").toFile()))
                    .start();
            process = started;
            return answers(started);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + program, e);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres?sslmode=disable", SUPERUSER, PASSWORD);
    }

    /** Whether it comes up; not if its port was taken or it cannot run here. */
    private boolean answers(Process started) {
        while (started.isAlive()) {
            try (Connection connection = connect()) {
                return connection.isValid(10);
            } catch (SQLException notYet) {
                if (awaitEnd(started, 20)) {
                    return false;
                }
            }
        }
        return false;
    }

    private static boolean run(String... command) {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean awaitEnd(Process process, long millis) {
        try {
            return process.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private void remove() {
        kill();
        remove(folder);
    }

    private static void remove(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // a temporary folder that stays is all that comes of it
        }
    }
}
