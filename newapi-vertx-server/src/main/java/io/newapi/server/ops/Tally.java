package io.newapi.server.ops;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what happens by kind; every kind is there from the beginning, so that nobody can add one. Thread-safe.
 *
 * @param <K> the kinds
 */
final class Tally<K extends Enum<K>> {

    /** Never changed after it was made. */
    private final Map<K, LongAdder> counts;

    Tally(Class<K> kinds) {
        counts = new EnumMap<>(kinds);
        for (K kind : kinds.getEnumConstants()) {
            counts.put(kind, new LongAdder());
        }
    }

    void count(K kind) {
        LongAdder count = counts.get(kind);
        if (count != null) {
            count.increment();
        }
    }

    void write(Exposition out, String name, String label, String help) {
        out.family(name, Exposition.Type.COUNTER, help);
        counts.forEach((kind, count) -> out.sample(label, kind.name().toLowerCase(Locale.ROOT), count.sum()));
    }
}
