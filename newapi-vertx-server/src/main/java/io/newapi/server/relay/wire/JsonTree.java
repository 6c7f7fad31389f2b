package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON as a tree, for what has to be said in another format. Numbers keep all their digits, and objects the order of their
 * fields. Of a field that stands in an object twice the last counts.
 */
public final class JsonTree {

    private JsonTree() {}

    /**
     * Reads one object.
     *
     * @throws IOException if the bytes are not exactly one JSON object, or too deep
     */
    public static JsonObject read(byte[] bytes) throws IOException {
        try (JsonParser json = Json.FACTORY.createParser(bytes)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not a JSON object");
            }
            JsonObject object = object(json);
            if (json.nextToken() != null) {
                throw new IOException("something follows the JSON object");
            }
            return object;
        }
    }

    /** Writes it without white space. */
    public static byte[] write(JsonObject object) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = Json.FACTORY.createGenerator(bytes)) {
            write(object, json);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    private static JsonObject object(JsonParser json) throws IOException {
        JsonObject object = new JsonObject();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            object.put(name, value(json));
        }
        return object;
    }

    private static JsonArray array(JsonParser json) throws IOException {
        JsonArray array = new JsonArray();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(json));
        }
        return array;
    }

    private static @Nullable Object value(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case START_OBJECT -> object(json);
            case START_ARRAY -> array(json);
            case VALUE_STRING -> json.getText();
            case VALUE_NUMBER_INT -> json.getNumberValue();
            case VALUE_NUMBER_FLOAT -> json.getDecimalValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new IOException("no value: " + json.currentToken());
        };
    }

    private static void write(@Nullable Object value, JsonGenerator json) throws IOException {
        if (value instanceof JsonObject object) {
            json.writeStartObject();
            for (Map.Entry<String, Object> field : object.getMap().entrySet()) {
                json.writeFieldName(field.getKey());
                write(field.getValue(), json);
            }
            json.writeEndObject();
        } else if (value instanceof JsonArray array) {
            json.writeStartArray();
            for (Object element : array.getList()) {
                write(element, json);
            }
            json.writeEndArray();
        } else if (value instanceof String text) {
            json.writeString(text);
        } else if (value instanceof BigDecimal number) {
            json.writeNumber(number);
        } else if (value instanceof Number number) {
            json.writeNumber(number.toString());
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (value == null) {
            json.writeNull();
        } else {
            throw new IllegalArgumentException("no JSON value: " + value.getClass());
        }
    }
}
