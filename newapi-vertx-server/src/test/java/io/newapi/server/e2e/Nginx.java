package io.newapi.server.e2e;

import io.newapi.server.testing.InstalledProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
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

    private final ListeningProgram program;

    private Nginx(ListeningProgram program) {
        this.program = program;
    }

    /**
     * Starts it in front of three nodes.
     *
     * @param folder an empty directory for its files
     * @param nodes {@code host:port} of each, in the order of the file
     */
    static Nginx start(InstalledProgram nginx, Path folder, List<String> nodes) {
        String configuration = configuration(folder, nodes);
        return new Nginx(ListeningProgram.start("nginx", folder, port -> {
            Path file = Files.writeString(
                    folder.resolve("nginx.conf"),
                    configuration.replace("listen 80;", "listen 127.0.0.1:" + port + ";"));
            return List.of(
                    nginx.path().toString(),
                    "-p",
                    folder.toString(),
                    "-e",
                    "stderr",
                    "-c",
                    file.toString(),
                    "-g",
                    "daemon off; pid " + folder.resolve("pid") + ";");
        }));
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

    /** Where it listens, without a slash at the end. */
    String url() {
        return "http://127.0.0.1:" + program.port();
    }

    @Override
    public void close() {
        program.close();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
