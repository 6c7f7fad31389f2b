package io.newapi.core.pricing.expression;

import java.util.EnumMap;
import java.util.Map;

/** A count for every variable; 0 for those that are not given. Immutable. */
public final class Quantities {

    private static final Quantities NONE = new Quantities(new EnumMap<>(Variable.class));

    private final Map<Variable, Long> counts;

    private Quantities(Map<Variable, Long> counts) {
        this.counts = counts;
    }

    /** Nothing of anything. */
    public static Quantities none() {
        return NONE;
    }

    /** These counts. */
    public static Quantities of(Map<Variable, Long> counts) {
        EnumMap<Variable, Long> copy = new EnumMap<>(Variable.class);
        copy.putAll(counts);
        return new Quantities(copy);
    }

    /** How many of these there are. */
    public long of(Variable variable) {
        return counts.getOrDefault(variable, 0L);
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}
