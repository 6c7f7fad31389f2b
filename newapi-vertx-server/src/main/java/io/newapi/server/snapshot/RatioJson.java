package io.newapi.server.snapshot;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.newapi.core.pricing.Ratio;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes tables of ratios as JSON text, with the digits that they have, sorted by name. */
public final class RatioJson {

    private RatioJson() {}

    /** {@code {"name":1.5}}. */
    public static String of(Map<String, Ratio> table) {
        return object(table, Ratio::toString);
    }

    /** {@code {"name":{"name":1.5}}}. */
    public static String ofNested(Map<String, Map<String, Ratio>> tables) {
        return object(tables, RatioJson::of);
    }

    private static <T> String object(Map<String, T> entries, Function<T, String> value) {
        return new TreeMap<>(entries)
                .entrySet().stream()
                        .map(entry -> quoted(entry.getKey()) + ":" + value.apply(entry.getValue()))
                        .collect(Collectors.joining(",", "{", "}"));
    }

    private static String quoted(String name) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(name)) + '"';
    }
}
