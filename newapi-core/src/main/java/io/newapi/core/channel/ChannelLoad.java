package io.newapi.core.channel;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What channels are doing for this node: how many calls are under way, and how long answers take to begin. Beside the
 * channels, which are immutable. Thread-safe without locks.
 */
public final class ChannelLoad {

    /** How long an answer counts: after this time without another, its weight has fallen to 1/e. */
    private static final double MEMORY_NANOS = Duration.ofSeconds(30).toNanos();

    /** The moving average and when it was last moved. */
    private record Latency(double nanos, long atNanos) {

        /** What is left of the average at {@code nowNanos}; it fades, so that a channel once slow is tried again. */
        private double at(long nowNanos) {
            return nanos * share(nowNanos);
        }

        private Latency with(double sample, long nowNanos) {
            double share = share(nowNanos);
            return new Latency(nanos * share + sample * (1 - share), nowNanos);
        }

        private double share(long nowNanos) {
            return Math.exp(-Math.max(0, nowNanos - atNanos) / MEMORY_NANOS);
        }
    }

    /** The load of one channel. */
    static final class Gauge {
        private final AtomicInteger inFlight = new AtomicInteger();
        private final AtomicReference<@Nullable Latency> latency = new AtomicReference<>();

        void began() {
            inFlight.incrementAndGet();
        }

        void ended() {
            inFlight.decrementAndGet();
        }

        void firstByte(long latencyNanos, long nowNanos) {
            latency.updateAndGet(before -> before == null
                    ? new Latency((double) latencyNanos, nowNanos)
                    : before.with((double) latencyNanos, nowNanos));
        }
    }

    private final LongSupplier nanoTime;
    private final ConcurrentMap<Long, Gauge> gauges = new ConcurrentHashMap<>();

    /** @param nanoTime a clock that does not jump, such as {@link System#nanoTime} */
    public ChannelLoad(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** How many attempts at the channel have begun and not ended. */
    public int inFlight(long channelId) {
        Gauge gauge = gauges.get(channelId);
        return gauge == null ? 0 : gauge.inFlight.get();
    }

    /**
     * The moving average of the time to the first byte, in nanoseconds; it fades towards 0 while nothing is measured. Empty
     * before the first answer.
     */
    public OptionalLong latencyNanos(long channelId) {
        Gauge gauge = gauges.get(channelId);
        Latency latency = gauge == null ? null : gauge.latency.get();
        return latency == null ? OptionalLong.empty() : OptionalLong.of((long) latency.at(nanoTime.getAsLong()));
    }

    /** Forgets the channels that {@code directory} does not have; call it when the directory changes. */
    public void retain(ChannelDirectory directory) {
        gauges.entrySet()
                .removeIf(entry -> entry.getValue().inFlight.get() == 0
                        && directory.byId(entry.getKey()).isEmpty());
    }

    Gauge gauge(long channelId) {
        Gauge gauge = gauges.get(channelId);
        return gauge != null ? gauge : gauges.computeIfAbsent(channelId, id -> new Gauge());
    }

    /**
     * What it would cost to wait for the channel: the expected time to the first byte, times the calls with this one. A
     * channel without an answer yet is free for one call, so that it gets one, and for no second one.
     */
    double expectedWait(long channelId) {
        Gauge gauge = gauges.get(channelId);
        if (gauge == null) {
            return 0;
        }
        int calls = gauge.inFlight.get();
        Latency latency = gauge.latency.get();
        if (latency == null) {
            return calls == 0 ? 0 : Double.MAX_VALUE;
        }
        return latency.at(nanoTime.getAsLong()) * (calls + 1);
    }
}
