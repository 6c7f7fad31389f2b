package io.newapi.server;

import io.newapi.server.admin.Doorkeeper;
import io.newapi.server.relay.InFlight;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a node to rest that says already that it is not ready: for a while it still takes calls, then it refuses them and
 * lets those under way end, and those that do not end in time are cut off. What is done for administrators ends too.
 *
 * <p>Blocks; used once.
 */
final class Drain {

    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

    /** How long calls that were cut off may take to be charged, and what is read for administrators to be sent. */
    private static final Duration AFTERWARDS = Duration.ofMillis(500);

    private final InFlight calls;
    private final Doorkeeper door;
    private final HttpFront front;

    Drain(InFlight calls, Doorkeeper door, HttpFront front) {
        this.calls = calls;
        this.door = door;
        this.front = front;
    }

    /**
     * @param delay how long calls are still taken
     * @param timeout how long all of it may take, before anything is cut off; not shorter than the delay
     */
    void run(Duration delay, Duration timeout) {
        long begun = System.nanoTime();
        pause(delay);
        door.refuseChanges();
        Future<Void> over = calls.drain();
        boolean ended = ends(over, timeout.minusNanos(System.nanoTime() - begun));
        if (!ended && calls.dismiss()) {
            ended = ends(over, AFTERWARDS);
        }
        if (!ended) {
            LOG.warn("{} calls did not end in time and are cut off", calls.count());
            front.cutAll();
            ends(over, AFTERWARDS);
        }
        if (!ends(door.close(), AFTERWARDS)) {
            LOG.warn("calls of administrators did not end in time");
        }
    }

    private static void pause(Duration delay) {
        try {
            TimeUnit.MILLISECONDS.sleep(delay.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean ends(Future<Void> awaited, Duration patience) {
        try {
            awaited.toCompletionStage()
                    .toCompletableFuture()
                    .get(Math.max(0, patience.toMillis()), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            LOG.error("waiting for calls to end failed", e);
            return true;
        }
    }
}
