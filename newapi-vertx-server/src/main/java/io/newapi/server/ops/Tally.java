package io.newapi.server.ops;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * Counts what happens by kind; every kind is there from the beginning, so that nobody can add one. Thread-safe.
 *
 * @param <K> the kinds
 */
final class Tally<K extends Enum<K>> {

    /** Never changed after it was made. */
    private final Map<K, Counter> counts;

    Tally(MeterRegistry registry, String name, String label, String help, Class<K> kinds) {
        counts = new EnumMap<>(kinds);
        for (K kind : kinds.getEnumConstants()) {
            counts.put(
                    kind,
                    Counter.builder(name)
                            .description(help)
                            .tag(label, kind.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
    }

    void count(K kind) {
        Counter count = counts.get(kind);
        if (count != null) {
            count.increment();
        }
    }
}
