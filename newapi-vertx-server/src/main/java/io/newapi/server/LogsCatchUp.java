package io.newapi.server;

import io.newapi.core.quota.JournalRecovery;
import io.newapi.core.quota.JournalRecovery.Recovered;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left to do when logs were away while a node started: their tables are made, and the rows of earlier runs stored,
 * as soon as they are there.
 */
final class LogsCatchUp {

    private static final Logger LOG = LoggerFactory.getLogger(LogsCatchUp.class);
    private static final long PAUSE_SECONDS = 5;

    private final NodeDatabases databases;
    private final JournalRecovery recovery;
    private final ScheduledExecutorService thread;
    private boolean journalsWait;

    private LogsCatchUp(
            NodeDatabases databases, JournalRecovery recovery, boolean journalsWait, ScheduledExecutorService thread) {
        this.databases = databases;
        this.recovery = recovery;
        this.journalsWait = journalsWait;
        this.thread = thread;
    }

    /**
     * Tries until it has nothing to do any more.
     *
     * @param atStart what the recovery at the start has found
     * @param thread is blocked by each try
     */
    static void follow(
            NodeDatabases databases, JournalRecovery recovery, Recovered atStart, ScheduledExecutorService thread) {
        new LogsCatchUp(databases, recovery, !atStart.waiting().isEmpty(), thread).laterIfNeeded();
    }

    private boolean laterIfNeeded() {
        boolean needed = databases.areLogsAway() || journalsWait;
        if (needed) {
            later();
        }
        return needed;
    }

    private void later() {
        var unused = thread.schedule(this::look, PAUSE_SECONDS, TimeUnit.SECONDS);
    }

    private void look() {
        try {
            if (databases.areLogsAway()) {
                databases.prepareLogs();
            }
            if (journalsWait) {
                Recovered recovered =
                        recovery.recoverAll().toCompletableFuture().join();
                journalsWait = !recovered.waiting().isEmpty();
            }
        } catch (RuntimeException e) {
            LOG.debug("logs are still away: {}", e.getMessage());
        }
        if (!laterIfNeeded()) {
            LOG.info("the database of logs is there, and has the rows of earlier runs");
        }
    }
}
