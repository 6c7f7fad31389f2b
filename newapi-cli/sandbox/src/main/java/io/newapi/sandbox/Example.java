package io.newapi.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;

/** A value for a JSON schema: one fixed value for each type, all properties of an object, one element in a
 * list, the first of several choices. */
final class Example {

    /** A schema may hold itself; deeper than this it gets texts. */
    private static final int DEEPEST = 16;

    private static final List<String> CHOICES = List.of("anyOf", "oneOf", "allOf");

    private Example() {}

    /** An object with all properties of {@code schema}. */
    static JsonObject of(JsonObject schema) {
        return object(schema, 0);
    }

    private static JsonObject object(JsonObject schema, int depth) {
        JsonObject example = new JsonObject();
        if (schema.getValue("properties") instanceof JsonObject properties) {
            for (String property : properties.fieldNames()) {
                if (properties.getValue(property) instanceof JsonObject type) {
                    example.put(property, value(type, depth + 1));
                }
            }
        }
        return example;
    }

    private static Object value(JsonObject schema, int depth) {
        if (schema.getValue("enum") instanceof JsonArray values && !values.isEmpty()) {
            return values.getValue(0);
        }
        for (String choice : CHOICES) {
            if (schema.getValue(choice) instanceof JsonArray options
                    && !options.isEmpty()
                    && options.getValue(0) instanceof JsonObject first
                    && depth <= DEEPEST) {
                return value(first, depth + 1);
            }
        }
        Object constant = schema.getValue("const");
        if (constant != null) {
            return constant;
        }
        Object type = schema.getValue("type") instanceof JsonArray types && !types.isEmpty()
                ? types.getValue(0)
                : schema.getValue("type");
        // Google's schemas write types in capitals.
        return switch (depth > DEEPEST ? "" : String.valueOf(type).toLowerCase(Locale.ROOT)) {
            case "integer" -> 1;
            case "number" -> 1.5;
            case "boolean" -> true;
            case "array" ->
                schema.getValue("items") instanceof JsonObject items
                        ? new JsonArray().add(value(items, depth + 1))
                        : new JsonArray();
            case "object" -> object(schema, depth);
            default -> "sandbox";
        };
    }
}
