package io.newapi.server.e2e;

import io.newapi.server.NewApiServer;
import io.newapi.server.config.LoadResult;
import io.newapi.server.config.ServerConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A node inside the test's own process, on a free port, with its files in a directory of the test. */
final class LocalNode implements AutoCloseable {

    private final NewApiServer server;

    private LocalNode(NewApiServer server) {
        this.server = server;
    }

    static LocalNode start(Path directory) {
        return start(directory, Map.of());
    }

    /** @param settings environment variables beyond those that keep a test apart from its surroundings */
    static LocalNode start(Path directory, Map<String, String> settings) {
        NewApiServer server = new NewApiServer(config(directory, settings));
        server.start();
        return new LocalNode(server);
    }

    static ServerConfig config(Path directory, Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>(settings);
        environment.putIfAbsent("PORT", "0");
        environment.put("GLOBAL_API_RATE_LIMIT_ENABLE", "false");
        environment.put("CRITICAL_RATE_LIMIT_ENABLE", "false");
        environment.put("SESSION_SECRET", "the session secret of tests");
        LoadResult result = ServerConfig.load(environment, directory, List.of("--log-dir="));
        return result.match(
                LoadResult.Loaded::config,
                printed -> {
                    throw new IllegalArgumentException(printed.text());
                },
                invalid -> {
                    throw new IllegalArgumentException(invalid.text());
                });
    }

    String url() {
        return "http://127.0.0.1:" + server.port();
    }

    @Override
    public void close() {
        server.stop();
    }
}
