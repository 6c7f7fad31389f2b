package io.newapi.server.ops;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Counts times by size. Thread-safe; counting allocates nothing and waits for nobody. */
final class Histogram {

    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long[] boundsNanos;
    private final LongAdder[] counts;
    private final LongAdder sumNanos = new LongAdder();

    /** @param boundsMicros the upper bounds of the classes in microseconds, growing; one without a bound follows */
    Histogram(long... boundsMicros) {
        boundsNanos =
                Arrays.stream(boundsMicros).map(TimeUnit.MICROSECONDS::toNanos).toArray();
        counts = new LongAdder[boundsNanos.length + 1];
        Arrays.setAll(counts, i -> new LongAdder());
    }

    void count(long nanos) {
        int at = 0;
        while (at < boundsNanos.length && nanos > boundsNanos[at]) {
            at++;
        }
        counts[at].increment();
        sumNanos.add(Math.max(0, nanos));
    }

    void write(Exposition out, String name, String help) {
        out.family(name, Exposition.Type.HISTOGRAM, help);
        long total = 0;
        for (int i = 0; i < counts.length; i++) {
            total += counts[i].sum();
            double bound = i < boundsNanos.length ? boundsNanos[i] / NANOS_PER_SECOND : Double.POSITIVE_INFINITY;
            out.part("_bucket", "le", Exposition.number(bound), total);
        }
        out.sum("", "", sumNanos.sum() / NANOS_PER_SECOND).part("_count", "", "", total);
    }
}
