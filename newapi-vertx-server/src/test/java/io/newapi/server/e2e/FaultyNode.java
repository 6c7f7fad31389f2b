package io.newapi.server.e2e;

import io.newapi.server.testing.RedisSentinels;
import io.newapi.server.testing.RedisServer;
import io.newapi.server.testing.TcpProxy;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A node of a cluster, a process of its own that is killed and started again, always at the same address.
 */
final class FaultyNode implements AutoCloseable {

    /** Below the ports that outgoing connections use: nobody takes it while the node is away. */
    private static final int LOWEST_PORT = 10_000;

    private static final int PORTS = 20_000;

    private final String name;
    private final DataDirectory directory;
    private final int port = freePort();
    private final Map<String, String> settings = new HashMap<>();
    private @Nullable NodeProcess process;

    /**
     * A node that is not started yet, and reaches MariaDB and Redis directly.
     *
     * @param type {@code NODE_TYPE}
     */
    FaultyNode(String name, String type, DataDirectory directory, RedisServer server) {
        this.name = name;
        this.directory = directory;
        settings.put("NODE_NAME", name);
        settings.put("NODE_TYPE", type);
        settings.put("PORT", Integer.toString(port));
        settings.put("GLOBAL_API_RATE_LIMIT_ENABLE", "false");
        settings.put("CRITICAL_RATE_LIMIT_ENABLE", "false");
        settings.put("CRYPTO_SECRET", "a secret that all nodes know");
        settings.put("SESSION_SECRET", "another secret that all know");
        // what is not heard is not known
        settings.put("SYNC_FREQUENCY", "3600");
        settings.put("SQL_DSN", directory.settings().getOrDefault("SQL_DSN", ""));
        settings.put("REDIS_CONN_STRING", server.url());
    }

    /** From its next start on it reaches what listens at this port on another way. */
    FaultyNode reaching(int port, TcpProxy by) {
        settings.computeIfPresent("SQL_DSN", (name, dsn) -> dsn.replace(":" + port + ")", ":" + by.port() + ")"));
        settings.computeIfPresent(
                "REDIS_CONN_STRING", (name, url) -> url.replace(":" + port + "/", ":" + by.port() + "/"));
        return this;
    }

    private static int freePort() {
        while (true) {
            int port = LOWEST_PORT + RandomGenerator.getDefault().nextInt(PORTS);
            try (ServerSocket tried = new ServerSocket(port)) {
                return tried.getLocalPort();
            } catch (IOException taken) {
                Thread.onSpinWait();
            }
        }
    }

    String name() {
        return name;
    }

    /** Where it listens, whenever it does, without a slash at the end. */
    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** From its next start on it reaches its database at this port. */
    void useDatabaseAt(int port) {
        settings.computeIfPresent("SQL_DSN", (name, dsn) -> dsn.replaceFirst(":[0-9]+\\)", ":" + port + ")"));
    }

    /** From its next start on it asks Sentinels where Redis is, and goes there directly. */
    void useSentinels(RedisSentinels sentinels) {
        settings.put("REDIS_CONN_STRING", sentinels.sentinels());
        settings.put("REDIS_MASTER_NAME", RedisSentinels.MASTER_NAME);
        settings.put("REDIS_PASSWORD", sentinels.password());
        settings.put("NEWAPI_REDIS_SENTINEL_PASSWORD", sentinels.sentinelPassword());
    }

    /** Starts it, and does not wait. */
    void start() {
        process = NodeProcess.launch(directory, settings);
    }

    void awaitServing() {
        running().awaitServing();
    }

    /** Ends it without a warning. */
    void kill() {
        running().kill();
    }

    /** Ends it in good order. */
    void stop() {
        running().terminate();
        running().waitForEnd();
    }

    void freeze() {
        running().freeze();
    }

    void thaw() {
        running().thaw();
    }

    private NodeProcess running() {
        NodeProcess running = process;
        if (running == null) {
            throw new IllegalStateException(name + " was not started");
        }
        return running;
    }

    @Override
    public void close() {
        NodeProcess running = process;
        if (running != null) {
            running.kill();
        }
    }
}
