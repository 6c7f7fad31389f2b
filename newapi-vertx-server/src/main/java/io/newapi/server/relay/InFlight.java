package io.newapi.server.relay;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the calls under way on all event loops, and lets a node wait until there are none. Thread-safe. */
public final class InFlight {

    private static final Logger LOG = LoggerFactory.getLogger(InFlight.class);

    private final Promise<Void> empty = Promise.promise();
    private int calls;
    private long taken;
    private boolean draining;

    /** Runs a call and counts it until it ends; runs {@code refusal} instead once the node drains. */
    void run(Supplier<Future<Void>> call, Supplier<Future<Void>> refusal) {
        if (!enter()) {
            var refused = refusal.get();
            refused.onFailure(failure -> LOG.debug("a refusal could not be sent", failure));
            return;
        }
        Future<Void> running;
        try {
            running = call.get();
        } catch (RuntimeException e) {
            leave();
            throw e;
        }
        running.onComplete(done -> leave());
    }

    /** Refuses new calls from now on; the future ends when the last one under way has. */
    public synchronized Future<Void> drain() {
        draining = true;
        if (calls == 0) {
            empty.tryComplete();
        }
        return empty.future();
    }

    /** How many calls are under way. */
    public synchronized int count() {
        return calls;
    }

    /** How many calls were taken since the start. */
    public synchronized long taken() {
        return taken;
    }

    private synchronized boolean enter() {
        if (draining) {
            return false;
        }
        calls++;
        taken++;
        return true;
    }

    private synchronized void leave() {
        calls--;
        if (draining && calls == 0) {
            empty.tryComplete();
        }
    }
}
