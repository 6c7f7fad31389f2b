package io.newapi.server.snapshot;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.newapi.core.pricing.Ratio;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the JSON texts of options. Numbers are taken from their digits, never through binary floating point. The last of
 * several entries of one name counts, as in the original.
 *
 * <p>Every method throws {@link IllegalArgumentException}, with the place and the reason, for a text of another shape.
 */
final class JsonText {

    private static final int MAX_SCALE = 100;
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final ObjectMapper TREES = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Reads the value that the parser stands on. */
    private interface Value<T> {
        T read(JsonParser parser) throws IOException;
    }

    private JsonText() {}

    /** {@code {"name": 1.5}}; no number is negative. */
    static Map<String, Ratio> ratios(String json) {
        return whole(json, parser -> object(parser, JsonText::ratio));
    }

    /** {@code {"name": {"name": 1.5}}}. */
    static Map<String, Map<String, Ratio>> nestedRatios(String json) {
        return whole(json, parser -> object(parser, inner -> object(inner, JsonText::ratio)));
    }

    /** {@code {"name": "text"}}. */
    static Map<String, String> texts(String json) {
        return whole(json, parser -> object(parser, JsonText::text));
    }

    /** {@code {"name": {"name": "text"}}}. */
    static Map<String, Map<String, String>> nestedTexts(String json) {
        return whole(json, parser -> object(parser, inner -> object(inner, JsonText::text)));
    }

    /** {@code {"name": [1, 2]}}. */
    static Map<String, List<Long>> numberLists(String json) {
        return whole(json, parser -> object(parser, inner -> array(inner, JsonText::wholeNumber)));
    }

    /** {@code {"name": 1}}. */
    static Map<String, Long> wholeNumbers(String json) {
        return whole(json, parser -> object(parser, JsonText::wholeNumber));
    }

    /** {@code ["text"]}. */
    static List<String> list(String json) {
        return whole(json, parser -> array(parser, JsonText::text));
    }

    /** {@code {"name": "text or number"}}: numbers as they are written. */
    static Map<String, String> scalars(String json) {
        return whole(json, parser -> object(parser, JsonText::scalar));
    }

    /** Any JSON value. */
    static JsonNode tree(String json) {
        try {
            JsonNode node = TREES.readTree(json);
            if (node == null || node.isMissingNode()) {
                throw new IllegalArgumentException("the JSON text is empty");
            }
            requireShortNumbers(node);
            return node;
        } catch (JsonProcessingException e) {
            throw notJson(e);
        }
    }

    /** A few characters could stand for more digits than anybody can write out. */
    private static void requireShortNumbers(JsonNode node) {
        if (node.isBigDecimal() && Math.abs((long) node.decimalValue().scale()) > MAX_SCALE) {
            throw new IllegalArgumentException("a number has more than " + MAX_SCALE + " digits");
        }
        node.forEach(JsonText::requireShortNumbers);
    }

    private static <T> T whole(String json, Value<T> value) {
        try (JsonParser parser = FACTORY.createParser(json)) {
            if (parser.nextToken() == null) {
                throw new IllegalArgumentException("the JSON text is empty");
            }
            T result = value.read(parser);
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("something follows the end of the JSON value");
            }
            return result;
        } catch (JsonProcessingException e) {
            throw notJson(e);
        } catch (IOException e) {
            throw new IllegalArgumentException("the JSON text cannot be read", e);
        }
    }

    private static <T> Map<String, T> object(JsonParser parser, Value<T> value) throws IOException {
        require(parser, JsonToken.START_OBJECT, "an object");
        Map<String, T> entries = new LinkedHashMap<>();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            try {
                entries.put(name, value.read(parser));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("'" + shown(name) + "': " + e.getMessage(), e);
            }
        }
        return entries;
    }

    private static <T> List<T> array(JsonParser parser, Value<T> value) throws IOException {
        require(parser, JsonToken.START_ARRAY, "an array");
        List<T> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(value.read(parser));
        }
        return elements;
    }

    private static Ratio ratio(JsonParser parser) throws IOException {
        requireNumber(parser);
        return Ratio.parse(parser.getText());
    }

    private static Long wholeNumber(JsonParser parser) throws IOException {
        requireNumber(parser);
        try {
            return Long.valueOf(parser.getText());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a whole number: " + shown(parser.getText()), e);
        }
    }

    private static String text(JsonParser parser) throws IOException {
        require(parser, JsonToken.VALUE_STRING, "a text");
        return parser.getText();
    }

    private static String scalar(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        requireNumber(parser);
        return parser.getText();
    }

    private static void requireNumber(JsonParser parser) {
        if (!parser.currentToken().isNumeric()) {
            throw new IllegalArgumentException("expected a number, found " + found(parser));
        }
    }

    private static void require(JsonParser parser, JsonToken token, String name) {
        if (parser.currentToken() != token) {
            throw new IllegalArgumentException("expected " + name + ", found " + found(parser));
        }
    }

    private static String found(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a text";
            case VALUE_NULL -> "null";
            case VALUE_TRUE, VALUE_FALSE -> "true or false";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            default -> "something else";
        };
    }

    private static String shown(String name) {
        return name.length() <= 80 ? name : name.substring(0, 80) + "...";
    }

    /** The original message would quote the text, which may hold secrets; the place is enough. */
    private static IllegalArgumentException notJson(JsonProcessingException e) {
        String place = e.getLocation() == null
                ? ""
                : " (line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ")";
        return new IllegalArgumentException("not valid JSON" + place, e);
    }
}
