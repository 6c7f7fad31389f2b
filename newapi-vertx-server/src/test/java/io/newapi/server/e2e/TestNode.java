package io.newapi.server.e2e;

import io.newapi.server.NewApiServer;
import io.newapi.server.config.LoadResult;
import io.newapi.server.config.ServerConfig;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A node within the test's own process, on a free port. */
final class TestNode implements AutoCloseable {

    private final NewApiServer server;

    private TestNode(NewApiServer server) {
        this.server = server;
    }

    static TestNode start(DataDirectory directory) {
        return start(directory, Map.of());
    }

    /** @param settings environment variables */
    static TestNode start(DataDirectory directory, Map<String, String> settings) {
        return start(directory, settings, InstantSource.system());
    }

    /** @param clock what it takes for the time of day */
    static TestNode start(DataDirectory directory, Map<String, String> settings, InstantSource clock) {
        NewApiServer server = new NewApiServer(config(directory, settings), clock);
        server.start();
        return new TestNode(server);
    }

    /** What a process with these environment variables would read in this directory. */
    static ServerConfig config(DataDirectory directory, Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>(
                Map.of("PORT", "0", "GLOBAL_API_RATE_LIMIT_ENABLE", "false", "CRITICAL_RATE_LIMIT_ENABLE", "false"));
        environment.putAll(directory.settings());
        environment.putAll(settings);
        return ServerConfig.load(environment, directory.path(), List.of("--log-dir="))
                .match(
                        LoadResult.Loaded::config,
                        printed -> {
                            throw new AssertionError("no node: " + printed.text());
                        },
                        invalid -> {
                            throw new AssertionError("no node: " + invalid.text());
                        });
    }

    int port() {
        return server.port();
    }

    /** Where it listens, without a slash at the end. */
    String url() {
        return "http://127.0.0.1:" + server.port();
    }

    /** Stops it as a signal would: calls under way end first, everything is booked, leases are given back. */
    void stop() {
        server.stop();
    }

    @Override
    public void close() {
        stop();
    }
}
