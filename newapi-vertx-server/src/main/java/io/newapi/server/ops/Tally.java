package io.newapi.server.ops;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what happens by kind; every kind is there from the beginning, so that nobody can add one. Thread-safe.
 *
 * @param <K> the kinds
 */
final class Tally<K extends Enum<K>> {

    private final K[] kinds;
    private final LongAdder[] counts;

    Tally(Class<K> kinds) {
        this.kinds = kinds.getEnumConstants();
        this.counts = new LongAdder[this.kinds.length];
        Arrays.setAll(counts, i -> new LongAdder());
    }

    void count(K kind) {
        counts[kind.ordinal()].increment();
    }

    void write(Exposition out, String name, String label, String help) {
        out.family(name, Exposition.Type.COUNTER, help);
        for (K kind : kinds) {
            out.sample(label, kind.name().toLowerCase(Locale.ROOT), counts[kind.ordinal()].sum());
        }
    }
}
