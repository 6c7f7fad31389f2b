package io.newapi.server.jobs;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes on so many notices of a type in so long; the others are in the log alone. Thread-safe. */
public final class LimitedNotices implements Consumer<Notice> {

    private static final Logger LOG = LoggerFactory.getLogger(LimitedNotices.class);

    private record Window(long beganNanos, int count) {}

    private final Consumer<Notice> told;
    private final int most;
    private final Duration window;
    private final LongSupplier nanoClock;
    private final Map<String, Window> windows = new HashMap<>();

    /**
     * Nothing was told yet.
     *
     * @param most how many of a type in a window; not negative
     * @param window which begins with its first notice
     * @param nanoClock monotonic, in nanoseconds
     */
    public LimitedNotices(Consumer<Notice> told, int most, Duration window, LongSupplier nanoClock) {
        this.told = told;
        this.most = most;
        this.window = window;
        this.nanoClock = nanoClock;
    }

    @Override
    public void accept(Notice notice) {
        if (isWithin(notice.type())) {
            told.accept(notice);
        } else {
            LOG.warn("{}: {} (root was told of such a thing often enough)", notice.title(), notice.content());
        }
    }

    private synchronized boolean isWithin(String type) {
        long now = nanoClock.getAsLong();
        windows.values().removeIf(past -> now - past.beganNanos() >= window.toNanos());
        Window counted = windows.merge(
                type, new Window(now, 1), (before, one) -> new Window(before.beganNanos(), before.count() + 1));
        return counted.count() <= most;
    }
}
