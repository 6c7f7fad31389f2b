package io.newapi.core.quota;

import java.util.concurrent.atomic.AtomicLong;

/** How much of a bound the journals of one directory have used. Thread-safe. */
final class JournalSpace {

    private final long maxBytes;
    private final AtomicLong used = new AtomicLong();

    JournalSpace(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Takes so many bytes, if they are there. */
    boolean tryTake(long bytes) {
        while (true) {
            long before = used.get();
            if (before > maxBytes - bytes) {
                return false;
            }
            if (used.compareAndSet(before, before + bytes)) {
                return true;
            }
        }
    }

    /** Takes them even beyond the bound: for what must be written. */
    void take(long bytes) {
        used.addAndGet(bytes);
    }

    void free(long bytes) {
        used.addAndGet(-bytes);
    }
}
