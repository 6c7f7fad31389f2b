package io.newapi.server.shape;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The object in which an operation or a condition is written down; says which of its fields are wrong. */
final class Spec {

    private final ObjectNode fields;

    private Spec(ObjectNode fields) {
        this.fields = fields;
    }

    static Spec of(ObjectNode fields) {
        return new Spec(fields);
    }

    /** The objects of a list that may not be there. */
    static List<Spec> all(JsonNode list, String name) {
        List<Spec> all = new ArrayList<>();
        if (list.isMissingNode() || list.isNull()) {
            return all;
        }
        if (!list.isArray()) {
            throw new InvalidShapeException(name + " must be a list");
        }
        for (JsonNode element : list) {
            if (!(element instanceof ObjectNode object)) {
                throw new InvalidShapeException(name + " must hold objects");
            }
            all.add(new Spec(object));
        }
        return all;
    }

    /** The text of a field; "" if it is not there. */
    String text(String name) {
        JsonNode field = fields.path(name);
        if (field.isMissingNode() || field.isNull()) {
            return "";
        }
        if (!field.isTextual()) {
            throw new InvalidShapeException(name + " must be a text");
        }
        return field.textValue();
    }

    String filledText(String name) {
        String text = text(name);
        if (text.isEmpty()) {
            throw missing(name);
        }
        return text;
    }

    JsonPath path(String name) {
        return JsonPath.parse(filledText(name));
    }

    /** Any value that is written there, null too. */
    JsonNode value(String name) {
        return Optional.ofNullable(fields.get(name)).orElseThrow(() -> missing(name));
    }

    boolean flag(String name) {
        JsonNode field = fields.path(name);
        if (!field.isBoolean() && !field.isMissingNode() && !field.isNull()) {
            throw new InvalidShapeException(name + " must be true or false");
        }
        return field.booleanValue();
    }

    <E extends Enum<E>> E choice(String name, Class<E> among) {
        String text = filledText(name);
        for (E constant : among.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(text)) {
                return constant;
            }
        }
        throw new InvalidShapeException(name + " is not one that is known");
    }

    List<Spec> list(String name) {
        return all(fields.path(name), name);
    }

    private static InvalidShapeException missing(String name) {
        return new InvalidShapeException(name + " is missing");
    }
}
