package io.newapi.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SlidingLimitTest {

    private final AtomicLong nanos = new AtomicLong();

    @Test
    void theCallAfterTheLimitIsToldHowLongToWait() {
        SlidingLimit limit = limit(2, Duration.ofSeconds(10), 10);

        assertThat(limit.tryAcquire("a")).isZero();
        pass(Duration.ofSeconds(3));
        assertThat(limit.tryAcquire("a")).isZero();
        assertThat(limit.tryAcquire("a")).isEqualTo(Duration.ofSeconds(7));
        pass(Duration.ofSeconds(7));
        assertThat(limit.tryAcquire("a")).isZero();
        assertThat(limit.tryAcquire("a")).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void oneKeyDoesNotTouchAnother() {
        SlidingLimit limit = limit(1, Duration.ofSeconds(10), 10);

        assertThat(limit.tryAcquire("a")).isZero();
        assertThat(limit.tryAcquire("b")).isZero();
        assertThat(limit.tryAcquire("a")).isPositive();
    }

    @Test
    void keysAreBoundedAndTheQuietestMakesRoom() {
        SlidingLimit limit = limit(1, Duration.ofSeconds(10), 2);
        limit.tryAcquire("quiet");
        limit.tryAcquire("busy");
        limit.tryAcquire("busy");

        limit.tryAcquire("new");

        assertThat(limit.keys()).isEqualTo(2);
        assertThat(limit.tryAcquire("busy")).isPositive();
    }

    @Property
    void itAgreesWithAListOfTimes(
            @ForAll @IntRange(min = 1, max = 9) int allowed,
            @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 5) Integer> pauses) {
        nanos.set(0);
        SlidingLimit limit = limit(allowed, Duration.ofNanos(10), 1);
        Deque<Long> times = new ArrayDeque<>();
        for (int pause : pauses) {
            nanos.addAndGet(pause);
            times.removeIf(time -> nanos.get() - time >= 10);
            boolean expected = times.size() < allowed;
            if (expected) {
                times.add(nanos.get());
            }
            assertThat(limit.tryAcquire("k").isZero()).isEqualTo(expected);
        }
    }

    private SlidingLimit limit(int limit, Duration window, int maxKeys) {
        return new SlidingLimit(limit, window, maxKeys, nanos::get);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
