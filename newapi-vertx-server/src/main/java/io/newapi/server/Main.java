package io.newapi.server;

import io.newapi.core.quota.JournalFailure;
import io.newapi.server.config.LoadResult;
import io.newapi.server.config.ServerConfig;
import io.newapi.server.ops.Logging;
import io.newapi.server.store.DatabaseException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a node from the environment and the command line, and stops it on SIGTERM and SIGINT. */
public final class Main {

    private static final int FAILED = 1;

    private Main() {}

    /** Runs a node until the process is told to end. */
    public static void main(String[] args) throws InterruptedException {
        int exit = run(System.getenv(), Path.of("").toAbsolutePath(), List.of(args), System.out, System.err);
        if (exit != 0) {
            System.exit(exit);
        }
    }

    private static int run(
            Map<String, String> environment, Path workingDirectory, List<String> args, PrintStream out, PrintStream err)
            throws InterruptedException {
        LoadResult result = ServerConfig.load(environment, workingDirectory, args);
        if (result instanceof LoadResult.Printed printed) {
            out.print(printed.text());
            return 0;
        }
        if (result instanceof LoadResult.Invalid invalid) {
            err.print(invalid.text());
            return invalid.exitCode();
        }
        LoadResult.Loaded loaded = (LoadResult.Loaded) result;
        ServerConfig config = loaded.config();
        return serve(
                config,
                loaded.warnings(),
                Logging.start(config.log(), config.node().tz()));
    }

    /** The logs are closed by whoever ends the node: the process ends when the shutdown hook does. */
    private static int serve(ServerConfig config, List<String> warnings, Logging logging) throws InterruptedException {
        Logger log = LoggerFactory.getLogger(Main.class);
        warnings.forEach(log::warn);
        NewApiServer server = new NewApiServer(config);
        try {
            server.start();
        } catch (JournalFailure | DatabaseException | StartFailure e) {
            log.error("the node cannot start: {}", e.getMessage());
            log.debug("the reason", e);
            logging.close();
            return FAILED;
        }
        log.info("serving on port {}", server.port());
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            server.stop();
                            logging.close();
                            stopped.countDown();
                        },
                        "newapi-stop"));
        stopped.await();
        return 0;
    }
}
