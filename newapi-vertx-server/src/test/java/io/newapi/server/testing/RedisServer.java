package io.newapi.server.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/**
 * A Redis server of a test: the program that is installed, else the one that comes as a Maven artifact. It ends with the
 * test, or at the latest with the test program.
 */
public final class RedisServer implements AutoCloseable {

    /** Below the ports that outgoing connections use, so that none of them holds the number. */
    private static final int LOWEST_PORT = 20_000;

    private static final int PORTS = 12_000;
    private static final int STARTS = 5;
    private static final List<String> FOLDERS = List.of("/usr/bin", "/usr/local/bin", "/opt/homebrew/bin");

    private final Path program;
    private final Path folder;
    private final int port;

    /** Its own, so that nobody takes another server for it. */
    private final String password = "secret@/:# %" + Long.toHexString(new SecureRandom().nextLong());

    private @Nullable Process process;

    private RedisServer(Path program, Path folder, int port) {
        this.program = program;
        this.folder = folder;
        this.port = port;
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    /**
     * A running server, or the end of the calling test.
     *
     * @param untested what remains unproven without it
     */
    public static RedisServer orLeaveOut(String untested) {
        return LeftOut.byBuildSettings().unlessFound(start(), "redis", untested);
    }

    private static Optional<RedisServer> start() {
        Optional<Path> program = program();
        for (int attempt = 0; program.isPresent() && attempt < STARTS; attempt++) {
            try {
                RedisServer server = new RedisServer(
                        program.get(),
                        Files.createTempDirectory("newapi-redis"),
                        LOWEST_PORT + RandomGenerator.getDefault().nextInt(PORTS));
                if (server.run()) {
                    return Optional.of(server);
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
                .or(RedisServer::fromArtifact);
    }

    private static Optional<Path> fromArtifact() {
        try {
            return Optional.of(ExecutableProvider.newJarResourceProvider().get().toPath());
        } catch (IOException | RuntimeException e) {
            // there is none for this machine
            return Optional.empty();
        }
    }

    /** How a node is told of it. */
    public String url() {
        return "redis://:" + URLEncoder.encode(password, StandardCharsets.UTF_8).replace("+", "%20") + "@127.0.0.1:"
                + port + "/1";
    }

    /** Where it listens, on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** Ends the server's process without a warning. */
    public void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            awaitEnd(running, 10_000);
        }
    }

    /** Starts it again, with nothing in it. */
    public void startAgain() {
        if (!run()) {
            throw new IllegalStateException("Redis did not come back on port " + port);
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
        try {
            Process started = new ProcessBuilder(
                            program.toString(),
                            "--port",
                            Integer.toString(port),
                            "--bind",
                            "127.0.0.1",
                            "--requirepass",
                            password,
                            "--save",
                            "",
                            "--dir",
                            folder.toString())
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
        byte[] greeting = ("AUTH \"" + password + "\"\r\n").getBytes(StandardCharsets.UTF_8);
        while (started.isAlive()) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write(greeting);
                return socket.getInputStream().read() == '+';
            } catch (IOException notYet) {
                if (awaitEnd(started, 20)) {
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
}
