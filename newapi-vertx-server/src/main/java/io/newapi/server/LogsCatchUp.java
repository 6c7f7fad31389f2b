package io.newapi.server;

import io.newapi.server.jobs.LeftJournals;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left to do after a node has started: the log rows of earlier runs are stored, and where logs were away their
 * tables are made, as soon as they are there. Looks every few seconds, on one thread.
 */
final class LogsCatchUp {

    private static final Logger LOG = LoggerFactory.getLogger(LogsCatchUp.class);
    private static final long PAUSE_SECONDS = 5;

    private final NodeDatabases databases;
    private final LeftJournals journals;
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
        LogsCatchUp logs = new LogsCatchUp(databases, journals);
        var unused = thread.scheduleWithFixedDelay(logs::look, 0, PAUSE_SECONDS, TimeUnit.SECONDS);
    }

    private void look() {
        boolean waited = journals.rowsWait();
        if (!databases.areLogsAway() && !waited) {
            return;
        }
        try {
            if (databases.areLogsAway()) {
                databases.prepareLogs();
            }
            journals.storeRows();
            if (journals.rowsWait()) {
                tell("not all of them could be stored");
            } else if (waited) {
                LOG.info("the log rows of earlier runs are stored");
                told = "";
            }
        } catch (RuntimeException e) {
            tell(String.valueOf(e.getMessage()));
        }
    }

    /** Once for each cause: one that nobody repairs must not fill the log, and must not be silent either. */
    private void tell(String cause) {
        if (journals.rowsWait() && !cause.equals(told)) {
            LOG.warn("log rows of earlier runs still wait in their journals: {}", cause);
        }
        told = cause;
    }
}
