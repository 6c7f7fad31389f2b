package io.newapi.server.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A program that listens, while a test needs it: a load balancer. It has to be told where, so that numbers are tried until one
 * is free.
 */
final class ListeningProgram implements AutoCloseable {

    /** Below the ports that outgoing connections use, so that none of them holds the number. */
    private static final int LOWEST_PORT = 20_000;

    private static final int PORTS = 12_000;
    private static final int STARTS = 5;

    private final Process process;
    private final int port;
    private final Path log;

    private ListeningProgram(Process process, int port, Path log) {
        this.log = log;
        this.process = process;
        this.port = port;
    }

    /** How it is started so that it listens at this port. */
    interface Command {
        List<String> at(int port) throws IOException;
    }

    /**
     * Starts it.
     *
     * @param folder gets its log
     */
    static ListeningProgram start(String name, Path folder, Command command) {
        Path log = folder.resolve("log");
        try {
            for (int attempt = 0; attempt < STARTS; attempt++) {
                int port = LOWEST_PORT + RandomGenerator.getDefault().nextInt(PORTS);
                Process process = new ProcessBuilder(command.at(port))
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
                ListeningProgram started = new ListeningProgram(process, port, log);
                if (started.answers()) {
                    return started;
                }
            }
            throw new AssertionError(name + " does not start: " + Files.readString(log));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name, e);
        }
    }

    private boolean answers() {
        while (process.isAlive()) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
                return process.isAlive();
            } catch (IOException notYet) {
                Thread.onSpinWait();
            }
        }
        return false;
    }

    /** Where it listens, on 127.0.0.1. */
    int port() {
        return port;
    }

    /** Waits until it has written that. */
    void awaitWritten(String text) {
        Eventually.until("it writes " + text, () -> {
            try {
                return Files.readString(log).contains(text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Override
    public void close() {
        process.destroy();
        Eventually.until("it ends", () -> !process.isAlive());
    }
}
