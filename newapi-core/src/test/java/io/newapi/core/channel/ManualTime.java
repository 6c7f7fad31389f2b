package io.newapi.core.channel;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A clock that tests set; starts below zero, as the machine's may. */
final class ManualTime implements LongSupplier {

    private final AtomicLong nanos = new AtomicLong(-7_000_000_000L);

    void pass(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    void passSeconds(long seconds) {
        pass(Duration.ofSeconds(seconds));
    }

    @Override
    public long getAsLong() {
        return nanos.get();
    }
}
