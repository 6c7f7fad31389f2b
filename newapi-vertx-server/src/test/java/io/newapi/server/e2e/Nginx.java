package io.newapi.server.e2e;

import io.newapi.server.testing.InstalledProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * nginx with the configuration that is shipped. Only addresses are others, and the places of its own files, which else are
 * root's.
 */
final class Nginx implements AutoCloseable {

    /** Nobody listens there. */
    static final String NOBODY = "127.0.0.1:1";

    private static final Pattern ADDRESS = Pattern.compile("server new-api-[a-z0-9-]+:3000 ");
    private static final int LOWEST_PORT = 20_000;
    private static final int PORTS = 12_000;
    private static final int STARTS = 5;

    private final Process process;
    private final int port;

    private Nginx(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts it in front of three nodes.
     *
     * @param folder an empty directory for its files
     * @param nodes {@code host:port} of each, in the order of the file
     */
    static Nginx start(InstalledProgram nginx, Path folder, List<String> nodes) {
        String configuration = configuration(folder, nodes);
        for (int attempt = 0; attempt < STARTS; attempt++) {
            int port = LOWEST_PORT + RandomGenerator.getDefault().nextInt(PORTS);
            try {
                Path file = Files.writeString(
                        folder.resolve("nginx.conf"),
                        configuration.replace("listen 80;", "listen 127.0.0.1:" + port + ";"));
                Process process = new ProcessBuilder(
                                nginx.path().toString(),
                                "-p",
                                folder.toString(),
                                "-e",
                                "stderr",
                                "-c",
                                file.toString(),
                                "-g",
                                "daemon off; pid " + folder.resolve("pid") + ";")
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile())
                        .start();
                Nginx started = new Nginx(process, port);
                if (started.answers()) {
                    return started;
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot start nginx", e);
            }
        }
        throw new AssertionError("nginx does not start: " + read(folder.resolve("log")));
    }

    /** The file as it is shipped, with these addresses. */
    static String configuration(Path folder, List<String> nodes) {
        Matcher addresses = ADDRESS.matcher(read(Shipped.file("nginx.conf")));
        Iterator<String> next =
                List.of(nodes, nodes).stream().flatMap(List::stream).iterator();
        StringBuilder replaced = new StringBuilder();
        while (addresses.find()) {
            addresses.appendReplacement(replaced, "server " + next.next() + " ");
        }
        addresses.appendTail(replaced);
        if (next.hasNext()) {
            throw new AssertionError("nginx.conf names fewer nodes than two lists of " + nodes.size());
        }
        String own = List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi").stream()
                .map(name -> name + "_temp_path " + folder.resolve(name) + ";")
                .reduce("", String::concat);
        return replaced.toString().replaceFirst("http \\{", "http { " + own);
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

    /** Where it listens, without a slash at the end. */
    String url() {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.destroy();
        Eventually.until("nginx ends", () -> !process.isAlive());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
