package io.newapi.server.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DurationsTest {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @Test
    void classesIncludeTheirBoundAndAllThatIsSmaller() {
        Durations durations = new Durations(registry, "wait_seconds", "How long.", 100, 2_500_000);
        durations.count(TimeUnit.MICROSECONDS.toNanos(100));
        durations.count(TimeUnit.MICROSECONDS.toNanos(100) + 1);
        durations.count(TimeUnit.MILLISECONDS.toNanos(2_500));
        durations.count(TimeUnit.HOURS.toNanos(1));

        assertThat(registry.scrape()).startsWith("""
                        # HELP wait_seconds How long.
                        # TYPE wait_seconds histogram
                        wait_seconds_bucket{le="1.0E-4"} 1
                        wait_seconds_bucket{le="2.5"} 3
                        wait_seconds_bucket{le="+Inf"} 4
                        wait_seconds_count 4
                        wait_seconds_sum 3602.500200001
                        """);
    }

    @Test
    void aClockThatWentBackIsATimeOfNothing() {
        Durations durations = new Durations(registry, "wait_seconds", "How long.", 100);
        durations.count(-5);

        assertThat(registry.scrape()).contains("wait_seconds_bucket{le=\"1.0E-4\"} 1\n", "wait_seconds_sum 0.0\n");
    }
}
