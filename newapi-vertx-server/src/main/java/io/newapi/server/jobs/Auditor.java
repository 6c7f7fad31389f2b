package io.newapi.server.jobs;

import io.newapi.server.store.BookReport;
import io.newapi.server.store.BookStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Audits the books when somebody asks, in the background, one run at a time. It remembers the last run until the node
 * ends. Thread-safe; no method waits for a run, unless the executor does.
 */
public final class Auditor implements AutoCloseable {

    /** Short statements, because a snapshot that is kept open for long costs a living database dearly. */
    private static final int PAGE_SIZE = 100;

    /** What the original needs at most between the transactions of a call that has ended, most of the time. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final BookStore books;
    private final InstantSource clock;
    private final Executor worker;
    private final Supplier<String> names;
    private final Consumer<BookReport> unclean;
    private final int pageSize;
    private final Runnable pause;
    private @Nullable AuditRun last;

    /**
     * Nothing is looked at before somebody asks.
     *
     * @param worker runs it; may be kept busy for hours
     * @param names a name for each run, which no run of any node has
     * @param unclean is told of each run that has looked at everything and has found something
     */
    public Auditor(
            BookStore books,
            InstantSource clock,
            Executor worker,
            Supplier<String> names,
            Consumer<BookReport> unclean) {
        this(books, clock, worker, names, unclean, PAGE_SIZE, () -> LockSupport.parkNanos(PAUSE.toNanos()));
    }

    Auditor(
            BookStore books,
            InstantSource clock,
            Executor worker,
            Supplier<String> names,
            Consumer<BookReport> unclean,
            int pageSize,
            Runnable pause) {
        this.books = books;
        this.clock = clock;
        this.worker = worker;
        this.names = names;
        this.unclean = unclean;
        this.pageSize = pageSize;
        this.pause = pause;
    }

    /** Begins a run, unless one is under way; the report of the one that is then. */
    public synchronized BookReport begin() {
        if (last == null || !last.isRunning()) {
            AuditRun run = new AuditRun(books, clock, names.get(), unclean, pageSize, pause);
            worker.execute(run);
            last = run;
        }
        return last.report();
    }

    /** How far the run under way has come, or what the last one has found. */
    public synchronized BookReport report() {
        return last == null ? BookReport.NEVER : last.report();
    }

    /** Ends the run under way, if there is one; the report of the last one. */
    public synchronized BookReport cancel() {
        if (last != null) {
            last.cancel();
        }
        return report();
    }

    /** Ends the run under way. */
    @Override
    public void close() {
        cancel();
    }
}
