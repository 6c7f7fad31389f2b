package io.newapi.server.e2e;

import io.newapi.server.testing.InstalledProgram;
import io.newapi.server.testing.MariaDbPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** HAProxy with a file that is shipped. Only addresses are others. */
final class HaProxy implements AutoCloseable {

    private final ListeningProgram program;

    private HaProxy(ListeningProgram program) {
        this.program = program;
    }

    /**
     * Starts it in front of three nodes.
     *
     * @param folder an empty directory for its files
     * @param nodes {@code host:port} of each, in the order of the file
     */
    static HaProxy start(InstalledProgram haproxy, Path folder, List<String> nodes) {
        String configuration = Shipped.text("haproxy.cfg")
                .replace("new-api-master:3000", nodes.get(0))
                .replace("new-api-slave-1:3000", nodes.get(1))
                .replace("new-api-slave-2:3000", nodes.get(2));
        return start(haproxy, folder, configuration, "bind :80");
    }

    /** The same in front of two databases. */
    static HaProxy start(InstalledProgram haproxy, Path folder, MariaDbPair databases) {
        String configuration = databaseConfiguration(
                databases.first().port(), databases.second().port());
        return start(haproxy, folder, configuration, "bind :3306");
    }

    private static HaProxy start(InstalledProgram haproxy, Path folder, String configuration, String listening) {
        return new HaProxy(ListeningProgram.start("HAProxy", folder, port -> {
            Path file = Files.writeString(
                    folder.resolve("haproxy.cfg"), configuration.replace(listening, "bind 127.0.0.1:" + port));
            return List.of(haproxy.path().toString(), "-f", file.toString());
        }));
    }

    /** The file as it is shipped, with these servers. */
    static String databaseConfiguration(int first, int second) {
        return Shipped.text("haproxy-database.cfg")
                .replace("mysql-1:3306", "127.0.0.1:" + first)
                .replace("mysql-2:3306", "127.0.0.1:" + second);
    }

    /** Where it listens, on 127.0.0.1. */
    int port() {
        return program.port();
    }

    /** Waits until it has found out that there is nobody at a server's address. */
    void awaitDown(String server) {
        program.awaitWritten("Server " + server + " is DOWN");
    }

    /** The same as nodes are addressed, without a slash at the end. */
    String url() {
        return "http://127.0.0.1:" + port();
    }

    @Override
    public void close() {
        program.close();
    }
}
