package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A JSON Schema in the part of the language to which Anthropic holds an answer (documentation, structured outputs: JSON Schema
 * limitations). Bounds of numbers, texts and lists are left out; objects are closed. A schema that refers to itself, describes maps
 * says no type, or is deeper or larger than any real one has no such form.
 */
final class MessagesSchema {

    private static final Set<String> FORMATS =
            Set.of("date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid");
    private static final int MAX_NODES = 10_000;
    private static final int MAX_DEPTH = 200;

    private final JsonObject root;
    private final Set<String> open = new HashSet<>();
    private int nodes;
    private int depth;

    private MessagesSchema(JsonObject root) {
        this.root = root;
    }

    /** The schema in that form; none if it has none. */
    static Optional<JsonObject> of(JsonObject schema) {
        try {
            return Optional.of(new MessagesSchema(schema).node(schema));
        } catch (Unsayable e) {
            return Optional.empty();
        }
    }

    private JsonObject node(Object value) {
        if (!(value instanceof JsonObject schema) || ++nodes > MAX_NODES || ++depth > MAX_DEPTH) {
            throw new Unsayable("the schema");
        }
        JsonObject clean = cleaned(schema);
        depth--;
        return clean;
    }

    private JsonObject cleaned(JsonObject schema) {
        if (schema.getValue("$ref") instanceof String ref) {
            if (!open.add(ref)) {
                throw new Unsayable("the schema");
            }
            JsonObject found = node(JsonPointers.find(root, ref).orElseThrow(() -> new Unsayable("the schema")));
            open.remove(ref);
            return found;
        }
        JsonObject clean = new JsonObject();
        copy(schema, clean, "description", "title", "enum", "const");
        for (String name : new String[] {"anyOf", "oneOf", "allOf"}) {
            if (schema.getValue(name) instanceof JsonArray several) {
                clean.put(name.equals("allOf") ? name : "anyOf", nodes(several));
                return clean;
            }
        }
        Object type = schema.getValue("type");
        if (type == null && !clean.containsKey("enum") && !clean.containsKey("const")) {
            throw new Unsayable("the schema");
        }
        if (type != null) {
            clean.put("type", type);
        }
        addObject(schema, clean);
        addArray(schema, clean);
        if (schema.getValue("format") instanceof String format && FORMATS.contains(format)) {
            clean.put("format", format);
        }
        return clean;
    }

    private void addObject(JsonObject schema, JsonObject clean) {
        if (!isOf(schema, "object")) {
            return;
        }
        if (schema.getValue("additionalProperties") instanceof JsonObject) {
            throw new Unsayable("the schema");
        }
        JsonObject properties = new JsonObject();
        if (schema.getValue("properties") instanceof JsonObject named) {
            for (Map.Entry<String, Object> property : named) {
                properties.put(property.getKey(), node(property.getValue()));
            }
        }
        clean.put("properties", properties).put("additionalProperties", false);
        copy(schema, clean, "required");
    }

    private void addArray(JsonObject schema, JsonObject clean) {
        if (!isOf(schema, "array")) {
            return;
        }
        Object items = schema.getValue("items");
        if (items != null) {
            clean.put("items", node(items));
        }
        if (schema.getValue("minItems") instanceof Integer least && (least == 0 || least == 1)) {
            clean.put("minItems", least);
        }
    }

    private JsonArray nodes(JsonArray several) {
        JsonArray clean = new JsonArray();
        several.forEach(one -> clean.add(node(one)));
        return clean;
    }

    private static boolean isOf(JsonObject schema, String type) {
        Object said = schema.getValue("type");
        return type.equals(said) || (said instanceof JsonArray several && several.contains(type));
    }

    private static void copy(JsonObject from, JsonObject to, String... names) {
        for (String name : names) {
            if (from.getValue(name) != null) {
                to.put(name, from.getValue(name));
            }
        }
    }
}
