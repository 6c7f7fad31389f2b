package io.newapi.core.quota;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one thread of a teller: whatever is given to it, by any thread, runs there, one task at a time. A task that fails is
 * told of before its thread's handler of uncaught exceptions is: it must not vanish in a future that nobody reads.
 */
final class TellerThread {

    /** What becomes of a question. */
    @FunctionalInterface
    interface Answered<T> {

        /**
         * Called on the teller's thread.
         *
         * @param answer null when there is none
         * @param failure why there is none, without what futures wrap around it
         */
        void with(@Nullable T answer, @Nullable Throwable failure);
    }

    private final ScheduledExecutorService executor;
    private final Consumer<Throwable> onFailure;
    private final Consumer<RejectedExecutionException> onShutdown;

    /**
     * @param onFailure told on this thread when a task threw
     * @param onShutdown told when a task finds that the thread is gone, by whoever had it run
     */
    TellerThread(
            ScheduledExecutorService executor,
            Consumer<Throwable> onFailure,
            Consumer<RejectedExecutionException> onShutdown) {
        this.executor = executor;
        this.onFailure = onFailure;
        this.onShutdown = onShutdown;
    }

    void execute(Runnable task) {
        try {
            executor.execute(() -> guarded(task));
        } catch (RejectedExecutionException e) {
            onShutdown.accept(e);
        }
    }

    void executeAfter(Duration delay, Runnable task) {
        try {
            // the task reports its failures itself
            var unused = executor.schedule(() -> guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            onShutdown.accept(e);
        }
    }

    /** Asks somebody who answers on a thread of his own. One who throws instead has failed to answer. */
    <T> void ask(Supplier<CompletionStage<T>> question, Answered<T> answered) {
        asked(question).whenComplete((answer, failure) -> execute(() -> answered.with(answer, cause(failure))));
    }

    private static <T> CompletionStage<T> asked(Supplier<CompletionStage<T>> question) {
        try {
            return question.get();
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static @Nullable Throwable cause(@Nullable Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            onFailure.accept(e);
            Thread current = Thread.currentThread();
            current.getUncaughtExceptionHandler().uncaughtException(current, e);
        }
    }
}
