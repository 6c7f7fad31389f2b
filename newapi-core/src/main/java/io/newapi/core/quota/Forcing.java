package io.newapi.core.quota;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Brings what was written to the disk, one force at a time. Whoever comes while one is under way waits for the next, which
 * serves all who came meanwhile. Thread-safe.
 */
final class Forcing {

    /** Forces everything that was written before it began. */
    @FunctionalInterface
    interface Force {
        void run() throws IOException;
    }

    private final Force force;
    private final ReentrantLock turn = new ReentrantLock();
    private volatile long begun;
    private volatile boolean failed;
    private long ended;

    Forcing(Force force) {
        this.force = force;
    }

    /** Returns when what the caller has written is on the disk, or {@link #failed}. */
    void force() {
        // what the caller wrote comes before the look at the number, also for a force that does not see what he wrote
        VarHandle.fullFence();
        // one that has begun may have passed the caller's place already: only a later one counts
        long needed = begun + 1;
        turn.lock();
        try {
            if (ended >= needed) {
                return;
            }
            begun = ended + 1;
            run();
            ended = begun;
        } finally {
            turn.unlock();
        }
    }

    private void run() {
        try {
            force.run();
            failed = false;
        } catch (IOException | RuntimeException | InternalError e) {
            // whatever it was: what was appended stays appended, and nothing new begins until a force succeeds
            failed = true;
        }
    }

    /** Whether the disk refused the last force: what was written is in the operating system's memory alone. */
    boolean failed() {
        return failed;
    }
}
