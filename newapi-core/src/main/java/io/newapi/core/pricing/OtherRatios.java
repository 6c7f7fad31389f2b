package io.newapi.core.pricing;

import io.newapi.core.pricing.ChargeLine.Factor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What the price of a task is multiplied by, besides the group's ratio: its seconds, its resolution and the like. A ratio of
 * 0 says nothing and is ignored. Immutable, in the order of the names.
 */
public final class OtherRatios {

    private static final OtherRatios NONE = new OtherRatios(new TreeMap<>());

    private final NavigableMap<String, Ratio> ratios;

    private OtherRatios(NavigableMap<String, Ratio> ratios) {
        this.ratios = ratios;
    }

    /** The price as it is. */
    public static OtherRatios none() {
        return NONE;
    }

    /** These ratios. */
    public static OtherRatios of(Map<String, Ratio> ratios) {
        TreeMap<String, Ratio> kept = new TreeMap<>(ratios);
        kept.values().removeIf(Ratio::isZero);
        return new OtherRatios(kept);
    }

    /** The ratios by name, sorted. */
    public Map<String, Ratio> byName() {
        return Collections.unmodifiableMap(ratios);
    }

    List<Factor> factors() {
        List<Factor> factors = new ArrayList<>();
        ratios.forEach((name, ratio) -> factors.add(new Factor(name, ratio)));
        return factors;
    }

    @Override
    public String toString() {
        return ratios.toString();
    }
}
