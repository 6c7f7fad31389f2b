package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A JSON Schema in the words that Google reads in {@code parametersJsonSchema} and {@code responseJsonSchema} (Gemini API reference,
 * {@code GenerationConfig.responseJsonSchema}: list of supported properties). That field says more than {@code Schema}: types with
 * null, tuples, maps. References are replaced by what they point to, as nothing may stand beside one there; a schema that contains
 * itself is unrolled once, one that is deeper or larger than any real one is cut off. Other words are left out.
 */
final class GeminiSchema {

    private static final List<String> KEPT =
            List.of("type", "format", "title", "description", "minItems", "maxItems", "minimum", "maximum", "required");
    private static final int MAX_NODES = 10_000;
    private static final int MAX_DEPTH = 200;

    private final JsonObject root;
    private final Set<String> open = new HashSet<>();
    private int nodes;
    private int depth;

    private GeminiSchema(JsonObject root) {
        this.root = root;
    }

    static JsonObject of(JsonObject schema) {
        return new GeminiSchema(schema).node(schema);
    }

    /** Whether it describes an object without a field, as of a function without parameters. */
    static boolean isOfNothing(JsonObject schema) {
        boolean anything = schema.containsKey("$ref")
                || schema.containsKey("anyOf")
                || schema.containsKey("oneOf")
                || schema.containsKey("allOf")
                || schema.getValue("additionalProperties") instanceof JsonObject;
        return !anything && !(schema.getValue("properties") instanceof JsonObject properties && !properties.isEmpty());
    }

    private JsonObject node(Object value) {
        if (!(value instanceof JsonObject schema) || ++nodes > MAX_NODES || depth == MAX_DEPTH) {
            return new JsonObject();
        }
        depth++;
        JsonObject clean = cleaned(schema);
        depth--;
        return clean;
    }

    private JsonObject cleaned(JsonObject schema) {
        JsonObject clean = new JsonObject();
        if (schema.getValue("$ref") instanceof String ref) {
            clean.mergeIn(referred(ref));
        }
        if (schema.getValue("allOf") instanceof JsonArray all) {
            all.forEach(one -> addAll(node(one), clean));
        }
        JsonObject own = new JsonObject();
        for (String name : KEPT) {
            if (schema.getValue(name) != null) {
                own.put(name, schema.getValue(name));
            }
        }
        addEnum(schema, own);
        addMembers(schema, own);
        addAll(own, clean);
        return clean;
    }

    private JsonObject referred(String ref) {
        Optional<Object> found = JsonPointers.find(root, ref);
        if (found.isEmpty()) {
            return new JsonObject();
        }
        if (!open.add(ref)) {
            Object type = found.get() instanceof JsonObject again ? again.getValue("type") : null;
            return type == null ? new JsonObject() : new JsonObject().put("type", type);
        }
        JsonObject node = node(found.get());
        open.remove(ref);
        return node;
    }

    /** Values are texts and numbers there. */
    private static void addEnum(JsonObject schema, JsonObject to) {
        JsonArray values = new JsonArray();
        if (schema.getValue("enum") instanceof JsonArray several) {
            several.forEach(values::add);
        } else if (schema.getValue("const") != null) {
            values.add(schema.getValue("const"));
        }
        JsonArray said = new JsonArray();
        for (Object value : values) {
            if (value instanceof String || value instanceof Number) {
                said.add(value);
            }
        }
        if (!said.isEmpty()) {
            to.put("enum", said);
        }
    }

    private void addMembers(JsonObject schema, JsonObject to) {
        if (schema.getValue("properties") instanceof JsonObject properties) {
            JsonObject clean = new JsonObject();
            for (Map.Entry<String, Object> property : properties) {
                clean.put(property.getKey(), node(property.getValue()));
            }
            to.put("properties", clean);
        }
        Object more = schema.getValue("additionalProperties");
        if (more != null) {
            to.put("additionalProperties", more instanceof JsonObject ? node(more) : more);
        }
        Object items = schema.getValue("items");
        if (items instanceof JsonArray tuple) {
            to.put("prefixItems", nodes(tuple));
        } else if (items instanceof JsonObject) {
            to.put("items", node(items));
        }
        if (schema.getValue("prefixItems") instanceof JsonArray tuple) {
            to.put("prefixItems", nodes(tuple));
        }
        for (String name : List.of("anyOf", "oneOf")) {
            if (schema.getValue(name) instanceof JsonArray several) {
                to.put("anyOf", nodes(several));
            }
        }
    }

    private JsonArray nodes(JsonArray several) {
        JsonArray clean = new JsonArray();
        several.forEach(one -> clean.add(node(one)));
        return clean;
    }

    /** Both together: the fields of both, and the words of the later. */
    private static void addAll(JsonObject later, JsonObject to) {
        for (Map.Entry<String, Object> field : later) {
            Object before = to.getValue(field.getKey());
            if (field.getKey().equals("properties")
                    && before instanceof JsonObject some
                    && field.getValue() instanceof JsonObject others) {
                some.mergeIn(others);
            } else if (field.getKey().equals("required")
                    && before instanceof JsonArray some
                    && field.getValue() instanceof JsonArray others) {
                JsonArray both = some.copy();
                others.stream().filter(name -> !both.contains(name)).forEach(both::add);
                to.put("required", both);
            } else {
                to.put(field.getKey(), field.getValue());
            }
        }
    }
}
