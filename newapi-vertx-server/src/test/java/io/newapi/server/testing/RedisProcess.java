package io.newapi.server.testing;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/**
 * One process of the program {@code redis-server}, whatever it serves as: the program that is installed, else the one that
 * comes as a Maven artifact. It listens on 127.0.0.1 and ends with the test program at the latest.
 */
final class RedisProcess implements AutoCloseable {

    private static final List<String> FOLDERS = List.of("/usr/bin", "/usr/local/bin", "/opt/homebrew/bin");
    private static final int STARTS = 5;
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** Below the ports that outgoing connections use, so that none of them holds the number. */
    private static final int LOWEST_PORT = 10_000;

    /** So many that the bus of a cluster, which has a port 10,000 higher, is below them too. */
    private static final int PORTS = 11_000;

    private final Path program;
    private final Path folder;
    private final int port;
    private final String password;
    private final List<String> arguments;
    private @Nullable Process process;

    private RedisProcess(Path program, Path folder, int port, String password, List<String> arguments) {
        this.program = program;
        this.folder = folder;
        this.port = port;
        this.password = password;
        this.arguments = List.copyOf(arguments);
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    /** A number that was probably free a moment ago. */
    static int freePort() {
        return LOWEST_PORT + RandomGenerator.getDefault().nextInt(PORTS);
    }

    /** What a process is told when it starts, for the port that it gets and in its own folder. */
    @FunctionalInterface
    interface Arguments {
        List<String> of(int port, Path folder) throws IOException;
    }

    /** One that answers; empty if this machine cannot run any. */
    static Optional<RedisProcess> start(String password, Arguments arguments) {
        Optional<Path> program = program();
        for (int attempt = 0; program.isPresent() && attempt < STARTS; attempt++) {
            try {
                Path folder = Files.createTempDirectory("newapi-redis");
                int port = freePort();
                RedisProcess started =
                        new RedisProcess(program.get(), folder, port, password, arguments.of(port, folder));
                if (started.run()) {
                    return Optional.of(started);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot start Redis", e);
            }
        }
        return Optional.empty();
    }

    private static Optional<Path> program() {
        return Stream.concat(Stream.of(System.getenv().getOrDefault("PATH", "").split(":")), FOLDERS.stream())
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "redis-server"))
                .filter(Files::isExecutable)
                .findFirst()
                .or(RedisProcess::fromArtifact);
    }

    private static Optional<Path> fromArtifact() {
        try {
            return Optional.of(ExecutableProvider.newJarResourceProvider().get().toPath());
        } catch (IOException | RuntimeException e) {
            // there is none for this machine
            return Optional.empty();
        }
    }

    int port() {
        return port;
    }

    /** Ends it without a warning. */
    void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            awaitEnd(running, 10_000);
        }
    }

    /** Starts it again, with nothing in it. */
    void startAgain() {
        if (!run()) {
            throw new IllegalStateException("Redis did not come back on port " + port);
        }
    }

    /** From now on it does nothing, but its connections stay. */
    void freeze() {
        Freezing.freeze(running());
    }

    /** It goes on where it was frozen. */
    void thaw() {
        Freezing.thaw(running());
    }

    private Process running() {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        return running;
    }

    /**
     * Sends a command and returns its answer, the parts of a list separated by blanks.
     *
     * @throws IllegalStateException if it is an error
     */
    String command(String... words) {
        return command("0", List.of(words));
    }

    /** The same in a database of this number. */
    String command(String database, List<String> words) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            socket.setSoTimeout(10_000);
            OutputStream out = new BufferedOutputStream(socket.getOutputStream());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            send(out, "AUTH", password);
            // Sentinels have no databases to select
            boolean selects = !database.equals("0");
            if (selects) {
                send(out, "SELECT", database);
            }
            send(out, words.toArray(String[]::new));
            out.flush();
            answer(in);
            if (selects) {
                answer(in);
            }
            return answer(in);
        } catch (IOException e) {
            throw new UncheckedIOException("no answer from Redis on port " + port, e);
        }
    }

    private static void send(OutputStream out, String... words) throws IOException {
        out.write(("*" + words.length + "\r\n").getBytes(StandardCharsets.UTF_8));
        for (String word : words) {
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            out.write(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.UTF_8));
            out.write(bytes);
            out.write("\r\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String answer(DataInputStream in) throws IOException {
        String line = line(in);
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+', ':' -> rest;
            case '$' -> text(in, Integer.parseInt(rest));
            case '*' -> {
                List<String> parts = new ArrayList<>();
                for (int i = 0; i < Integer.parseInt(rest); i++) {
                    parts.add(answer(in));
                }
                yield String.join(" ", parts);
            }
            default -> throw new IllegalStateException(rest);
        };
    }

    private static String text(DataInputStream in, int length) throws IOException {
        if (length < 0) {
            return "";
        }
        byte[] bytes = in.readNBytes(length);
        line(in);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String line(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.readUnsignedByte(); next != '\n'; next = in.readUnsignedByte()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    /** Waits for what servers bring about among themselves. The limit is for hanging tests. */
    static void until(String what, BooleanSupplier happened) {
        long end = System.nanoTime() + LIMIT_NANOS;
        while (!happened.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("waited for a minute in vain: " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    @Override
    public void close() {
        kill();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // a temporary folder that stays is all that comes of it
        }
    }

    private boolean run() {
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.addAll(arguments);
        try {
            Process started = new ProcessBuilder(command)
                    .directory(folder.toFile())
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

    /** Whether it comes up; not if its port was taken or it cannot run here. */
    private boolean answers(Process started) {
        while (started.isAlive()) {
            try {
                // another server on this port would have another password
                return command("PING").equals("PONG");
            } catch (UncheckedIOException notYet) {
                if (awaitEnd(started, 20)) {
                    return false;
                }
            } catch (IllegalStateException another) {
                kill();
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
}
