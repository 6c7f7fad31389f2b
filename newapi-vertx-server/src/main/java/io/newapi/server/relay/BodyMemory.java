package io.newapi.server.relay;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that the bodies of requests and whole answers take on all event loops together. Thread-safe.
 *
 * <p>What is counted is the room made for the bytes. While a body is sent on it exists up to three times, so no more than a
 * quarter of the heap should be given out.
 */
public final class BodyMemory {

    private final long maxBytes;
    private final AtomicLong heldBytes = new AtomicLong();

    /** @param maxBytes the most that is given out at a time */
    public BodyMemory(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** As much as this process can afford. */
    public static BodyMemory ofThisProcess() {
        return new BodyMemory(Runtime.getRuntime().maxMemory() / 4);
    }

    /** A share that has taken nothing yet. */
    Share share() {
        return new Share(this);
    }

    /** How many bytes are given out. */
    long heldBytes() {
        return heldBytes.get();
    }

    private boolean take(long bytes) {
        if (heldBytes.addAndGet(bytes) > maxBytes) {
            heldBytes.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    /** What one user has taken. Thread-safe: what was taken for may be read elsewhere while its user goes away. */
    static final class Share {

        private final BodyMemory memory;
        private long taken;
        private boolean closed;

        private Share(BodyMemory memory) {
            this.memory = memory;
        }

        /** Takes so much more; false if there is not so much left, or the share was given back. */
        synchronized boolean take(long bytes) {
            if (closed || !memory.take(bytes)) {
                return false;
            }
            taken += bytes;
            return true;
        }

        /** Gives back some of what was taken. */
        synchronized void giveBack(long bytes) {
            if (!closed) {
                taken -= bytes;
                memory.heldBytes.addAndGet(-bytes);
            }
        }

        /** Another share of the same memory. */
        Share another() {
            return memory.share();
        }

        /** Gives everything back; repeating it does nothing. */
        synchronized void close() {
            if (!closed) {
                closed = true;
                memory.heldBytes.addAndGet(-taken);
            }
        }
    }
}
