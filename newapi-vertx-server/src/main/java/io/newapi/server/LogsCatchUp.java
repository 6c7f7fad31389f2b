package io.newapi.server;

import io.newapi.server.jobs.LeftJournals;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left to do when logs were away while a node started, or while it booked what a copy of a journal holds: their
 * tables are made, and the rows of earlier runs stored, as soon as they are there. Looks every few seconds, on one thread.
 */
final class LogsCatchUp {

    private static final Logger LOG = LoggerFactory.getLogger(LogsCatchUp.class);
    private static final long PAUSE_SECONDS = 5;

    private final NodeDatabases databases;
    private final LeftJournals journals;
    private boolean behind;
    private String told = "";

    private LogsCatchUp(NodeDatabases databases, LeftJournals journals) {
        this.databases = databases;
        this.journals = journals;
    }

    /**
     * Begins to look.
     *
     * @param journals what earlier runs left, as it was booked at the start
     * @param thread is blocked by each look
     */
    static void follow(NodeDatabases databases, LeftJournals journals, ScheduledExecutorService thread) {
        if (databases.logRows().isPresent()) {
            LogsCatchUp logs = new LogsCatchUp(databases, journals);
            var unused = thread.scheduleWithFixedDelay(logs::look, PAUSE_SECONDS, PAUSE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void look() {
        if (!databases.areLogsAway() && !journals.rowsWait()) {
            if (behind) {
                LOG.info("the database of logs is there, and has the rows of earlier runs");
            }
            behind = false;
            told = "";
            return;
        }
        behind = true;
        try {
            if (databases.areLogsAway()) {
                databases.prepareLogs();
            }
            journals.storeRows();
        } catch (RuntimeException e) {
            tell(String.valueOf(e.getMessage()));
        }
    }

    /** Once for each cause: one that nobody repairs must not fill the log, and must not be silent either. */
    private void tell(String cause) {
        if (!cause.equals(told)) {
            LOG.warn("log rows of earlier runs still wait in their journals: {}", cause);
        }
        told = cause;
    }
}
