package io.newapi.core.quota;

import io.newapi.core.quota.QuotaAuthority.ExchangeFailure;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs the transactions of an authority, and tells failures before the commit, after which nothing has happened, from
 * later ones, after which nobody knows: the rule on which exactly-once rests.
 *
 * <p>Thread-safe if its transactions are.
 */
public final class LedgerTransactions {

    private final Executor worker;
    private final Consumer<Runnable> transaction;

    /**
     * Transactions on the threads of {@code worker}.
     *
     * @param worker may block; one thread is enough for one ledger. It must work until the ledger is closed
     * @param transaction begins a transaction, runs what it is given exactly once, and commits; when that throws, it rolls
     *     back or closes the connection, commits nothing, and throws. It returns only when the commit was acknowledged
     */
    public LedgerTransactions(Executor worker, Consumer<Runnable> transaction) {
        this.worker = worker;
        this.transaction = transaction;
    }

    /**
     * Runs {@code work} in a transaction.
     *
     * @return completed after the commit; fails with an {@link ExchangeFailure} that {@linkplain
     *     ExchangeFailure#mayHaveHappened() may have happened} only if {@code work} had come to its end
     */
    public <T> CompletionStage<T> call(Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(() -> committed(work), worker);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new ExchangeFailure("the worker was shut down", false, e));
        }
    }

    /** Runs {@code work} in a transaction, as {@link #call} does. */
    public CompletionStage<Void> run(Runnable work) {
        return call(() -> {
                    work.run();
                    return true;
                })
                .thenAccept(done -> {});
    }

    private <T> T committed(Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            transaction.accept(() -> {
                if (result.isDone()) {
                    throw new IllegalStateException("the work of a ledger transaction was run twice");
                }
                result.complete(work.get());
            });
        } catch (RuntimeException e) {
            // once there is a result, the commit may have been sent
            throw new ExchangeFailure("a ledger transaction failed: " + e.getMessage(), result.isDone(), e);
        }
        if (!result.isDone()) {
            throw new ExchangeFailure(
                    "a ledger transaction was not run", false, new IllegalStateException("its work was not called"));
        }
        return result.join();
    }
}
