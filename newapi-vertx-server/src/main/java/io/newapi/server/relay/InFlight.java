package io.newapi.server.relay;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the calls under way on all event loops, and lets a node wait until there are none. Thread-safe. */
public final class InFlight {

    private static final Logger LOG = LoggerFactory.getLogger(InFlight.class);

    private final Promise<Void> empty = Promise.promise();
    private final Set<Runnable> farewells = Collections.newSetFromMap(new IdentityHashMap<>());
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

    /**
     * Has a call that may go on for ever told when the node can wait no longer.
     *
     * @param farewell ends it; may be run by any thread
     * @return takes that back
     */
    synchronized Runnable whenDismissed(Runnable farewell) {
        farewells.add(farewell);
        return () -> forget(farewell);
    }

    private synchronized void forget(Runnable farewell) {
        farewells.remove(farewell);
    }

    /** Tells those calls to end that would not by themselves; says whether there were any. */
    public boolean dismiss() {
        List<Runnable> told;
        synchronized (this) {
            told = List.copyOf(farewells);
        }
        told.forEach(Runnable::run);
        return !told.isEmpty();
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
