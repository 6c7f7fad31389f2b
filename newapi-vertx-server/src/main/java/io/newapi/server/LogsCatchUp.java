package io.newapi.server;

import io.newapi.server.jobs.LeftJournals;
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
    private final LeftJournals journals;
    private final ScheduledExecutorService thread;

    private LogsCatchUp(NodeDatabases databases, LeftJournals journals, ScheduledExecutorService thread) {
        this.databases = databases;
        this.journals = journals;
        this.thread = thread;
    }

    /**
     * Tries until it has nothing to do any more.
     *
     * @param journals what earlier runs left, as it was booked at the start
     * @param thread is blocked by each try
     */
    static void follow(NodeDatabases databases, LeftJournals journals, ScheduledExecutorService thread) {
        new LogsCatchUp(databases, journals, thread).laterIfNeeded();
    }

    private boolean laterIfNeeded() {
        boolean needed = databases.areLogsAway() || journals.rowsWait();
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
            journals.storeRows();
        } catch (RuntimeException e) {
            LOG.debug("logs are still away: {}", e.getMessage());
        }
        if (!laterIfNeeded()) {
            LOG.info("the database of logs is there, and has the rows of earlier runs");
        }
    }
}
