package io.newapi.server.ops;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Counts times by size, in classes that are fixed. Thread-safe; counting waits for nobody. */
final class Durations {

    private final Timer timer;

    /** @param boundsMicros the upper bounds of the classes in microseconds; one without a bound follows */
    Durations(MeterRegistry registry, String name, String help, long... boundsMicros) {
        timer = Timer.builder(name)
                .description(help)
                .serviceLevelObjectives(Arrays.stream(boundsMicros)
                        .mapToObj(micros -> Duration.of(micros, ChronoUnit.MICROS))
                        .toArray(Duration[]::new))
                .register(registry);
    }

    /** @param nanos in nanoseconds; what is negative, which a clock should not give, counts as 0 */
    void count(long nanos) {
        timer.record(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    }
}
