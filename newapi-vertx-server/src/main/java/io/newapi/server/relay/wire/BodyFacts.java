package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.core.pricing.expression.RequestFacts;
import io.newapi.core.pricing.expression.Value;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a price expression may ask of a request, read from its bytes without building a tree. An answer is remembered: the
 * charge of a call asks what its reservation has asked, and must not be told something else.
 *
 * <p>Not thread-safe: a call is priced by one thread at a time.
 */
final class BodyFacts implements RequestFacts {

    private final Content body;
    private final UnaryOperator<@Nullable String> headers;
    private final Map<String, Value> answers = new HashMap<>();

    /**
     * The facts of a body that was scanned before.
     *
     * @param headers finds a header by its name in any case; null if there is none
     */
    BodyFacts(Content body, UnaryOperator<@Nullable String> headers) {
        this.body = body;
        this.headers = headers;
    }

    /** @throws IllegalArgumentException if the body holds two values there: which one an upstream takes is anybody's guess */
    @Override
    public Value param(String path) {
        return answers.computeIfAbsent(path, this::read);
    }

    @Override
    public String header(String name) {
        String value = headers.apply(name);
        return value == null ? "" : value;
    }

    private Value read(String path) {
        try (JsonParser json = Json.parser(body)) {
            json.nextToken();
            return find(json, List.of(path.split("\\.", -1)));
        } catch (IOException e) {
            throw new IllegalArgumentException("the body cannot be read", e);
        }
    }

    /** What the value at the parser's token holds at {@code steps}; leaves the parser at the value's last token. */
    private static Value find(JsonParser json, List<String> steps) throws IOException {
        if (steps.isEmpty()) {
            return valueOf(json);
        }
        String step = steps.get(0);
        List<String> rest = steps.subList(1, steps.size());
        return switch (json.currentToken()) {
            case START_OBJECT -> field(json, step, rest);
            case START_ARRAY -> step.equals("#") ? length(json) : item(json, step, rest);
            default -> Value.NIL;
        };
    }

    private static Value field(JsonParser json, String name, List<String> rest) throws IOException {
        Value found = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean sought = json.currentName().equals(name);
            json.nextToken();
            if (!sought) {
                json.skipChildren();
            } else if (found == null) {
                found = find(json, rest);
            } else {
                throw new IllegalArgumentException("the field " + name + " stands in the body twice");
            }
        }
        return found == null ? Value.NIL : found;
    }

    private static Value item(JsonParser json, String index, List<String> rest) throws IOException {
        Value found = Value.NIL;
        int at = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (Integer.toString(at).equals(index)) {
                found = find(json, rest);
            } else {
                json.skipChildren();
            }
            at++;
        }
        return found;
    }

    private static Value length(JsonParser json) throws IOException {
        int items = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            json.skipChildren();
            items++;
        }
        return Value.of(BigDecimal.valueOf(items));
    }

    private static Value valueOf(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case VALUE_NULL -> Value.NIL;
            case VALUE_TRUE, VALUE_FALSE -> Value.of(json.getBooleanValue());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Value.of(json.getDecimalValue());
            case VALUE_STRING -> Value.of(json.getText());
            default -> Value.of(textOf(json));
        };
    }

    /** An object or a list, in the shortest form. */
    private static String textOf(JsonParser json) throws IOException {
        StringWriter text = new StringWriter();
        try (var copy = Json.FACTORY.createGenerator(text)) {
            copy.copyCurrentStructure(json);
        }
        return text.toString();
    }
}
