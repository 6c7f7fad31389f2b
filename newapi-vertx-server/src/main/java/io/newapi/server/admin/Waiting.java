package io.newapi.server.admin;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for asynchronous work on a worker thread, where sequential code may. */
final class Waiting {

    private Waiting() {}

    /**
     * The result of {@code work}.
     *
     * @throws Failed if the work failed or took longer than {@code limit}
     */
    static <T> T on(Future<T> work, Duration limit) {
        try {
            return work.toCompletionStage().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof Refused refused) {
                throw refused;
            }
            throw new Failed(String.valueOf(cause.getMessage()), cause);
        } catch (TimeoutException e) {
            throw new Failed("no answer within " + limit.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failed("interrupted", e);
        }
    }

    /** Awaited work that did not succeed. */
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Failed(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
