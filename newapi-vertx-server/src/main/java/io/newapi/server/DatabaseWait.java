package io.newapi.server;

import io.newapi.server.config.StoreConfig;
import io.newapi.server.store.DatabaseException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits at a start until the database can be reached: whoever starts a node and its server together rarely knows which is
 * there first. A server that answers, but does not let the node in, is a mistake that no waiting mends.
 */
final class DatabaseWait {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseWait.class);
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 3_000;
    private static final Duration SAID_EVERY = Duration.ofSeconds(30);

    private final Duration patience;
    private final CountDownLatch stopping;
    private final Runnable whileWaiting;

    /**
     * @param patience how long to wait at most
     * @param stopping ends the wait
     * @param whileWaiting called once, when there is something to wait for
     */
    DatabaseWait(Duration patience, CountDownLatch stopping, Runnable whileWaiting) {
        this.patience = patience;
        this.stopping = stopping;
        this.whileWaiting = whileWaiting;
    }

    /**
     * Opens the databases as soon as that is possible.
     *
     * @throws DatabaseException if they cannot be used, or not be reached in time
     * @throws StartCancelled if the node is to stop
     */
    NodeDatabases open(StoreConfig config) {
        long begunNanos = System.nanoTime();
        long saidNanos = begunNanos;
        for (int attempt = 0; ; attempt++) {
            try {
                NodeDatabases databases = NodeDatabases.open(config);
                if (attempt > 0) {
                    LOG.info("the database is there");
                }
                return databases;
            } catch (DatabaseException e) {
                long now = System.nanoTime();
                boolean mayCome =
                        e.reason() == DatabaseException.Reason.UNREACHABLE && patience.toNanos() > now - begunNanos;
                if (!mayCome) {
                    throw e;
                }
                if (attempt == 0) {
                    LOG.warn("the node waits for its database: {}", e.getMessage());
                    whileWaiting.run();
                } else if (now - saidNanos >= SAID_EVERY.toNanos()) {
                    saidNanos = now;
                    LOG.warn("the node still waits for its database: {}", e.getMessage());
                }
            }
            pause(attempt);
        }
    }

    /** Not all nodes at once, and never for long: nobody wants to wait for a server that is there. */
    private void pause(int attempt) {
        long longest = Math.min(FIRST_PAUSE_MILLIS << Math.min(attempt, 10), LONGEST_PAUSE_MILLIS);
        long millis = longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1);
        try {
            if (stopping.await(millis, TimeUnit.MILLISECONDS)) {
                throw new StartCancelled();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartCancelled();
        }
    }
}
