package io.newapi.server;

import io.newapi.core.quota.JournalFailure;
import io.newapi.server.config.LoadResult;
import io.newapi.server.config.ServerConfig;
import io.newapi.server.ops.Logging;
import io.newapi.server.ops.Reason;
import io.newapi.server.store.DatabaseException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
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

    /** @return the exit code, when the node was not started or has ended */
    static int run(
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
        Logging logging;
        try {
            logging = Logging.start(config.log(), config.node().tz());
        } catch (UncheckedIOException e) {
            err.println("error: " + Reason.of(e));
            return FAILED;
        }
        return serve(config, loaded.warnings(), logging, err);
    }

    /** The logs are closed by whoever ends the node: the process ends when the shutdown hook does. */
    private static int serve(ServerConfig config, List<String> warnings, Logging logging, PrintStream err)
            throws InterruptedException {
        Logger log = LoggerFactory.getLogger(Main.class);
        warnings.forEach(log::warn);
        NewApiServer server = new NewApiServer(config);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            server.stop();
                            logging.close();
                            stopped.countDown();
                        },
                        "newapi-stop"));
        try {
            server.start();
        } catch (StartCancelled e) {
            stopped.await();
            return 0;
        } catch (JournalFailure | DatabaseException | StartFailure e) {
            log.error("the node cannot start: {}", said(e));
            log.debug("the reason", e);
            return failed(e, logging, err);
        } catch (RuntimeException e) {
            // Nobody foresaw it: where it happened is for the log, and its meaning for the operator.
            log.error("the node cannot start", e);
            return failed(e, logging, err);
        }
        log.info("serving on port {}", server.port());
        stopped.await();
        return 0;
    }

    /** Standard output may go nowhere and the log into a file; whoever starts a node looks at standard error. */
    private static int failed(RuntimeException e, Logging logging, PrintStream err) {
        logging.close();
        err.println("error: the node cannot start: " + said(e));
        return FAILED;
    }

    /** What a database says is in the message already, in better words than its driver's. */
    private static String said(RuntimeException e) {
        return e instanceof DatabaseException && e.getMessage() != null ? e.getMessage() : Reason.of(e);
    }
}
