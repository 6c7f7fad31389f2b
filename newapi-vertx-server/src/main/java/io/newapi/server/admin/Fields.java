package io.newapi.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The fields of a request's JSON object. Absent and {@code null} fields read as empty text, zero or false, as in the reference; a
 * field of another type ends the request with a failure that names the field.
 */
final class Fields {

    private static final int MAX_IDS = 1000;

    private final ObjectNode object;

    Fields(ObjectNode object) {
        this.object = object;
    }

    /** Whether the field is there and not {@code null}. */
    boolean has(String name) {
        return object.hasNonNull(name);
    }

    String text(String name) {
        JsonNode node = object.path(name);
        if (node.isMissingNode() || node.isNull()) {
            return "";
        }
        if (!node.isTextual()) {
            throw wrongType(name, "text");
        }
        return node.textValue();
    }

    /** The text, refused when it is longer than {@code maxBytes} bytes of UTF-8. */
    String text(String name, int maxBytes) {
        String text = text(name);
        if (text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > maxBytes) {
            throw Refused.because(Message.FIELD_TOO_LONG, name, maxBytes);
        }
        return text;
    }

    Optional<String> optionalText(String name) {
        return has(name) ? Optional.of(text(name)) : Optional.empty();
    }

    long number(String name) {
        JsonNode node = object.path(name);
        if (node.isMissingNode() || node.isNull()) {
            return 0;
        }
        if (!node.isNumber() || !node.canConvertToLong() || !node.canConvertToExactIntegral()) {
            throw wrongType(name, "integer");
        }
        return node.longValue();
    }

    boolean flag(String name) {
        JsonNode node = object.path(name);
        if (node.isMissingNode() || node.isNull()) {
            return false;
        }
        if (!node.isBoolean()) {
            throw wrongType(name, "boolean");
        }
        return node.booleanValue();
    }

    Optional<Fields> object(String name) {
        JsonNode node = object.path(name);
        if (node.isMissingNode() || node.isNull()) {
            return Optional.empty();
        }
        if (node instanceof ObjectNode child) {
            return Optional.of(new Fields(child));
        }
        throw wrongType(name, "object");
    }

    /** A list of ids, refused when empty or longer than {@value #MAX_IDS}. */
    List<Long> ids(String name) {
        JsonNode node = object.path(name);
        if (!node.isArray() || node.isEmpty() || node.size() > MAX_IDS) {
            throw Refused.because(Message.IDS_INVALID, MAX_IDS);
        }
        List<Long> ids = new ArrayList<>(node.size());
        for (JsonNode id : node) {
            if (!id.isIntegralNumber() || !id.canConvertToLong()) {
                throw Refused.because(Message.IDS_INVALID, MAX_IDS);
            }
            ids.add(id.longValue());
        }
        return List.copyOf(ids);
    }

    /** The raw value of a field; a missing node when absent. */
    JsonNode raw(String name) {
        return object.path(name);
    }

    private static Refused wrongType(String name, String type) {
        return Refused.because(Message.FIELD_TYPE, name, type);
    }
}
