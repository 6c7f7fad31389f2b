package io.newapi.server.ops;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts the calls of programs. Thread-safe; all its meters are there from the beginning, and counting looks none up. */
public final class CallMeter {

    /** How an attempt at a channel ended. */
    public enum Attempted {
        /** The client has its answer. */
        ANSWERED,
        /** The client had gone before the end. */
        CLIENT_GONE,
        /** The channel could not be called: its settings, or a key. */
        CHANNEL,
        /** The call itself was at fault. */
        CLIENT,
        /** The upstream answered with an error. */
        STATUS,
        /** The upstream could not be reached, was silent for too long, or broke off. */
        TRANSPORT,
        /** The upstream's answer could not be read. */
        BAD_BODY,
        /** This node failed. */
        INTERNAL
    }

    private static final int CLASSES = 5;

    private final Counter[] byClass = new Counter[CLASSES];
    private final Tally<Attempted> attempts;
    private final Durations duration;
    private final Durations preparation;

    CallMeter(MeterRegistry registry) {
        for (int i = 0; i < CLASSES; i++) {
            byClass[i] = Counter.builder("newapi_calls_total")
                    .description("Calls of programs that are over, by class of status.")
                    .tag("status", (i + 1) + "xx")
                    .register(registry);
        }
        attempts = new Tally<>(
                registry,
                "newapi_attempts_total",
                "outcome",
                "Attempts at channels that are over, by outcome.",
                Attempted.class);
        duration = new Durations(
                registry,
                "newapi_call_duration_seconds",
                "How long calls took, streams to their end.",
                5_000,
                10_000,
                25_000,
                50_000,
                100_000,
                250_000,
                500_000,
                1_000_000,
                2_500_000,
                5_000_000,
                10_000_000,
                30_000_000,
                60_000_000,
                120_000_000,
                300_000_000,
                600_000_000);
        preparation = new Durations(
                registry,
                "newapi_call_preparation_seconds",
                "What this node added before a call went to its first channel, the coming of the body included.",
                100,
                250,
                500,
                1_000,
                2_500,
                5_000,
                10_000,
                25_000,
                50_000,
                100_000,
                500_000,
                1_000_000,
                5_000_000);
    }

    /**
     * A call is over.
     *
     * @param status the HTTP status of its answer
     * @param nanos how long it took, in nanoseconds
     */
    public void called(int status, long nanos) {
        byClass[Math.min(Math.max(status / 100, 1), CLASSES) - 1].increment();
        duration.count(nanos);
    }

    /**
     * A call goes to its first channel.
     *
     * @param nanos the time since it came, in nanoseconds
     */
    public void prepared(long nanos) {
        preparation.count(nanos);
    }

    /** An attempt at a channel is over. */
    public void attempted(Attempted outcome) {
        attempts.count(outcome);
    }
}
