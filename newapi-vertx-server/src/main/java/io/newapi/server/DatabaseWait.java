package io.newapi.server;

import io.newapi.server.config.StoreConfig;
import io.newapi.server.store.DatabaseException;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits at a start until the database can be reached: whoever starts a node and its server together rarely knows which is
 * there first. A slave waits also until the master has made the original's tables. A server that answers, but does not let the node in, is a mistake that no waiting mends.
 */
final class DatabaseWait {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseWait.class);
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 3_000;
    private static final Duration SAID_EVERY = Duration.ofSeconds(30);
    private static final Set<DatabaseException.Reason> WORTH_WAITING =
            EnumSet.of(DatabaseException.Reason.UNREACHABLE, DatabaseException.Reason.NO_TABLES);

    private final Duration patience;
    private final CountDownLatch stopping;
    private final Runnable whileWaiting;
    private volatile String trouble = DatabaseException.Reason.UNREACHABLE.name();

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
     * @param candidate whether this node may be the master
     * @param vertx must outlive them
     * @throws DatabaseException if they cannot be used, or not be reached in time
     * @throws StartCancelled if the node is to stop
     */
    NodeDatabases open(StoreConfig config, boolean candidate, Vertx vertx) {
        long begunNanos = System.nanoTime();
        long saidNanos = begunNanos;
        for (int attempt = 0; ; attempt++) {
            try {
                NodeDatabases databases = NodeDatabases.open(config, candidate, vertx);
                if (attempt > 0) {
                    LOG.info("the database is there");
                }
                return databases;
            } catch (DatabaseException e) {
                long now = System.nanoTime();
                if (!WORTH_WAITING.contains(e.reason()) || patience.toNanos() <= now - begunNanos) {
                    throw e;
                }
                trouble = e.reason().name();
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

    /** What is waited for, in one word. */
    String trouble() {
        return trouble.toLowerCase(Locale.ROOT);
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
