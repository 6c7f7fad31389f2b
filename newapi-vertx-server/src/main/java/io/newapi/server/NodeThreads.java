package io.newapi.server;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;

/**
 * The node's own threads beside those of Vert.x: for the teller, for its transactions, for log rows that have a database of
 * their own and for those of earlier runs, for looking after others, for audits, for tests of channels, and
 * for what only the master does.
 */
final class NodeThreads implements AutoCloseable {

    private final ScheduledExecutorService teller = Executors.newSingleThreadScheduledExecutor(named("newapi-teller"));
    private final ExecutorService booking = Executors.newSingleThreadExecutor(named("newapi-booking"));

    private final ExecutorService logging = Executors.newSingleThreadExecutor(named("newapi-logging"));

    private final ScheduledExecutorService watching =
            Executors.newSingleThreadScheduledExecutor(named("newapi-watching"));

    private final ScheduledExecutorService catchingUp =
            Executors.newSingleThreadScheduledExecutor(named("newapi-catching-up"));

    private final ExecutorService auditing = Executors.newSingleThreadExecutor(named("newapi-auditing"));

    private final ScheduledExecutorService duties = Executors.newSingleThreadScheduledExecutor(named("newapi-duties"));

    private final ScheduledExecutorService testing =
            Executors.newSingleThreadScheduledExecutor(named("newapi-testing"));

    ScheduledExecutorService testing() {
        return testing;
    }

    ScheduledExecutorService duties() {
        return duties;
    }

    ScheduledExecutorService catchingUp() {
        return catchingUp;
    }

    ExecutorService auditing() {
        return auditing;
    }

    ScheduledExecutorService watching() {
        return watching;
    }

    ScheduledExecutorService teller() {
        return teller;
    }

    ExecutorService booking() {
        return booking;
    }

    ExecutorService logging() {
        return logging;
    }

    @Override
    public void close() {
        testing.shutdownNow();
        duties.shutdownNow();
        auditing.shutdownNow();
        catchingUp.shutdownNow();
        watching.shutdownNow();
        teller.shutdown();
        booking.shutdown();
        logging.shutdown();
    }

    private static ThreadFactory named(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
