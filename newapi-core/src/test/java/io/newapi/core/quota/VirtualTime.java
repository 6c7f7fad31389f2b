package io.newapi.core.quota;

import java.time.Duration;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A clock that stands still until it is told to advance, and an executor whose tasks run on the thread that advances
 * it, in the order of their times. A task that keeps asking for another at the same moment is a failure.
 */
final class VirtualTime extends AbstractExecutorService implements ScheduledExecutorService, LedgerClock {

    private static final int MOST_TASKS_AT_ONCE = 1_000;

    private final PriorityQueue<Task<?>> tasks = new PriorityQueue<>();
    private long nowNanos = Long.MAX_VALUE - Duration.ofMinutes(1).toNanos(); // it overflows during long tests
    private long wallMillis = 1_700_000_000_000L;
    private long leftOverNanos;
    private long scheduled;
    private boolean shutdown;
    private boolean watching;
    private @Nullable Runnable atReading;

    @Override
    public synchronized long nanoTime() {
        Runnable watcher = atReading;
        if (watcher != null) {
            atReading = null;
            watcher.run();
            if (watching) {
                atReading = watcher;
            }
        }
        return nowNanos;
    }

    /** Does something at every reading of the clock: in the middle of what the reader is doing. */
    synchronized void atEveryReading(Runnable action) {
        watching = true;
        atReading = action;
    }

    synchronized void readingsAreOfNoInterest() {
        watching = false;
        atReading = null;
    }

    @Override
    public synchronized long wallMillis() {
        return wallMillis;
    }

    /** What a machine that slept wakes up to. */
    synchronized void jumpWallClock(Duration by) {
        wallMillis += by.toMillis();
    }

    /** Runs what is due now. */
    void run() {
        advance(Duration.ZERO);
    }

    /** Moves both clocks, and runs each task at its time. */
    void advance(Duration by) {
        long end = nanoTime() + by.toNanos();
        int atOnce = 0;
        for (Task<?> task = nextUntil(end); task != null; task = nextUntil(end)) {
            long passed = Math.max(0, task.atNanos - nanoTime());
            atOnce = passed == 0 ? atOnce + 1 : 0;
            if (atOnce > MOST_TASKS_AT_ONCE) {
                throw new AssertionError("the tasks spin: " + atOnce + " without any time passing");
            }
            move(passed);
            task.run();
        }
        move(end - nanoTime());
    }

    private synchronized void move(long nanos) {
        nowNanos += nanos;
        leftOverNanos += nanos;
        wallMillis += leftOverNanos / 1_000_000;
        leftOverNanos %= 1_000_000;
    }

    private synchronized @Nullable Task<?> nextUntil(long endNanos) {
        Task<?> first = tasks.peek();
        return first == null || first.atNanos - endNanos > 0 ? null : tasks.poll();
    }

    private synchronized <V> Task<V> add(Callable<V> work, long delayNanos) {
        if (shutdown) {
            throw new RejectedExecutionException("shut down");
        }
        Task<V> task = new Task<>(work, nowNanos + delayNanos, scheduled++);
        tasks.add(task);
        return task;
    }

    @Override
    public void execute(Runnable command) {
        // FutureTask keeps a failure to itself: the tasks of a ledger report their own
        var unused = add(Executors.callable(command), 0);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return add(Executors.callable(command), unit.toNanos(delay));
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        return add(callable, unit.toNanos(delay));
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initial, long period, TimeUnit unit) {
        throw new UnsupportedOperationException("no task here is periodic");
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initial, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException("no task here is periodic");
    }

    @Override
    public synchronized void shutdown() {
        shutdown = true;
    }

    @Override
    public synchronized List<Runnable> shutdownNow() {
        shutdown = true;
        tasks.clear();
        return List.of();
    }

    @Override
    public synchronized boolean isShutdown() {
        return shutdown;
    }

    @Override
    public synchronized boolean isTerminated() {
        return shutdown && tasks.isEmpty();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return isTerminated();
    }

    private final class Task<V> extends FutureTask<V> implements RunnableScheduledFuture<V> {
        private final long atNanos;
        private final long order;

        Task(Callable<V> work, long atNanos, long order) {
            super(work);
            this.atNanos = atNanos;
            this.order = order;
        }

        @Override
        public boolean isPeriodic() {
            return false;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(atNanos - nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            Task<?> task = (Task<?>) other;
            int byTime = Long.signum(atNanos - task.atNanos);
            return byTime != 0 ? byTime : Long.compare(order, task.order);
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(order);
        }
    }
}
