package io.newapi.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.newapi.core.pricing.Ratio;
import java.util.Optional;

/** Reads fields of foreign documents, whose types nobody has checked. Each refuses by {@link IllegalArgumentException}. */
final class Fields {

    private Fields() {}

    /** A text, or {@code otherwise} where it is absent or null. */
    static String text(JsonNode node, String name, String otherwise) {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isTextual()) {
            throw new IllegalArgumentException("'" + name + "' is not a text");
        }
        return value.textValue();
    }

    /** Whether there is a value that is not null. */
    static boolean has(JsonNode node, String name) {
        return node.hasNonNull(name);
    }

    /** The count under the first of these names that is there; 0 if none is. */
    static long count(JsonNode node, String... names) {
        for (String name : names) {
            if (has(node, name)) {
                return count(name, node.get(name));
            }
        }
        return 0;
    }

    private static long count(String name, JsonNode value) {
        if (!value.isNumber()
                || !value.canConvertToExactIntegral()
                || !value.canConvertToLong()
                || value.longValue() < 0) {
            throw new IllegalArgumentException("'" + name + "' is not a count");
        }
        return value.longValue();
    }

    /** A ratio or price, written as a number or as its text. */
    static Ratio ratio(String name, JsonNode value) {
        try {
            if (value.isNumber()) {
                return Ratio.of(value.decimalValue());
            }
            if (value.isTextual()) {
                return Ratio.parse(value.textValue().strip());
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + name + "': " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("'" + name + "' is not a number");
    }

    /** A ratio or price, if it is there and one. */
    static Optional<Ratio> ratioIfAny(JsonNode node, String name) {
        try {
            return has(node, name) ? Optional.of(ratio(name, node.get(name))) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
