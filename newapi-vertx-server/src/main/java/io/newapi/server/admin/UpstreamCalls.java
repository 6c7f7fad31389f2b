package io.newapi.server.admin;

import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;

/**
 * Runs the handlers that wait for upstreams: on threads of their own, so that a slow upstream keeps nobody else waiting, and never
 * more at once than there are threads; whoever comes beyond that is refused at once. Thread-safe.
 */
final class UpstreamCalls {

    private final WorkerExecutor workers;
    private final Semaphore places;

    UpstreamCalls(WorkerExecutor workers, int places) {
        this.workers = workers;
        this.places = new Semaphore(places);
    }

    /** What {@code work} returns, or a future failed with {@link Refused} (503) if every place is taken. */
    <T> Future<T> run(Callable<T> work) {
        if (!places.tryAcquire()) {
            return Future.failedFuture(Refused.with(503, Message.SERVER_BUSY));
        }
        return workers.executeBlocking(work, false).onComplete(done -> places.release());
    }
}
