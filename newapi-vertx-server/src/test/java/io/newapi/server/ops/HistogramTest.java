package io.newapi.server.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HistogramTest {

    @Test
    void classesIncludeTheirBoundAndAllThatIsSmaller() {
        Histogram histogram = new Histogram(100, 2_500_000);
        histogram.count(TimeUnit.MICROSECONDS.toNanos(100));
        histogram.count(TimeUnit.MICROSECONDS.toNanos(100) + 1);
        histogram.count(TimeUnit.MILLISECONDS.toNanos(2_500));
        histogram.count(TimeUnit.HOURS.toNanos(1));

        Exposition out = new Exposition();
        histogram.write(out, "wait_seconds", "How long.");

        assertThat(out.toString()).isEqualTo("""
                        # HELP wait_seconds How long.
                        # TYPE wait_seconds histogram
                        wait_seconds_bucket{le="1.0E-4"} 1
                        wait_seconds_bucket{le="2.5"} 3
                        wait_seconds_bucket{le="+Inf"} 4
                        wait_seconds_sum 3602.500200001
                        wait_seconds_count 4
                        """);
    }

    @Test
    void whatStandsInALabelCannotEndIt() {
        Exposition out = new Exposition();
        out.family("name_info", Exposition.Type.GAUGE, "A name.").sample("name", "a\"b\\c\nd", 1);

        assertThat(out.toString()).endsWith("name_info{name=\"a\\\"b\\\\c\\nd\"} 1\n");
    }
}
