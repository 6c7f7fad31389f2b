package io.newapi.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LimitedNoticesTest {

    private static final Duration WINDOW = Duration.ofMinutes(10);

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
    private final List<String> told = new ArrayList<>();
    private final LimitedNotices notices = new LimitedNotices(notice -> told.add(notice.type()), 2, WINDOW, nanos::get);

    private void tell(String type) {
        notices.accept(new Notice(type, "t", "c", List.of()));
    }

    @Test
    void eachTypeIsToldSoOftenInAWindow() {
        for (int i = 0; i < 4; i++) {
            tell("a");
            tell("b");
        }

        assertThat(told).containsExactly("a", "b", "a", "b");
    }

    @Test
    void whenTheWindowIsOverItIsToldAgain() {
        tell("a");
        tell("a");
        nanos.addAndGet(WINDOW.toNanos() - 1);
        tell("a");
        nanos.addAndGet(1);
        tell("a");

        assertThat(told).hasSize(3);
    }

    @Test
    void withALimitOfZeroNothingIsTold() {
        new LimitedNotices(notice -> told.add(notice.type()), 0, WINDOW, nanos::get)
                .accept(new Notice("a", "t", "c", List.of()));

        assertThat(told).isEmpty();
    }
}
