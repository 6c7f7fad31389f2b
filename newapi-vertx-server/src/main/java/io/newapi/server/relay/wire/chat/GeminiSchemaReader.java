package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Google's {@code Schema} (Gemini API reference: a subset of OpenAPI's) as JSON Schema, which the other formats have. */
final class GeminiSchemaReader {

    private static final Set<String> WITHOUT_COUNTERPART =
            Set.of("propertyOrdering", "property_ordering", "nullable", "example");
    private static final Set<String> COUNTS =
            Set.of("minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties");

    private GeminiSchemaReader() {}

    static JsonObject read(JsonObject schema) {
        JsonObject read = new JsonObject();
        for (Map.Entry<String, Object> field : schema) {
            String name = field.getKey().equals("any_of") ? "anyOf" : field.getKey();
            if (WITHOUT_COUNTERPART.contains(name) || field.getValue() == null) {
                continue;
            }
            if (name.equals("format") && "enum".equals(field.getValue())) {
                continue;
            }
            read.put(name, value(name, field.getValue()));
        }
        if (Boolean.TRUE.equals(schema.getValue("nullable"))) {
            allowNull(read);
        }
        return read;
    }

    private static Object value(String name, Object value) {
        if (name.equals("type") && value instanceof String type) {
            return type.toLowerCase(Locale.ROOT);
        }
        if (name.equals("properties") && value instanceof JsonObject properties) {
            JsonObject read = new JsonObject();
            properties.forEach(property -> read.put(property.getKey(), schema(property.getValue())));
            return read;
        }
        if (name.equals("items") || name.equals("additionalProperties")) {
            return schema(value);
        }
        if (name.equals("anyOf") && value instanceof JsonArray several) {
            JsonArray read = new JsonArray();
            several.forEach(one -> read.add(schema(one)));
            return read;
        }
        if (COUNTS.contains(name) && value instanceof String count && count.matches("\\d{1,18}")) {
            return Long.valueOf(count);
        }
        return value;
    }

    private static Object schema(Object value) {
        return value instanceof JsonObject schema ? read(schema) : value;
    }

    private static void allowNull(JsonObject read) {
        if (read.getValue("type") instanceof String type) {
            read.put("type", new JsonArray().add(type).add("null"));
        }
        if (read.getValue("enum") instanceof JsonArray values && !values.contains(null)) {
            read.put("enum", values.copy().addNull());
        }
        if (read.getValue("anyOf") instanceof JsonArray several) {
            several.add(new JsonObject().put("type", "null"));
        }
    }
}
