package io.newapi.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.newapi.core.pricing.expression.RequestFacts;
import io.newapi.core.pricing.expression.Value;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.Map;

/**
 * What price expressions may ask of a request, from its JSON body and its headers.
 *
 * @param body missing if unknown
 * @param headers an object of texts; missing if unknown
 */
record JsonFacts(JsonNode body, JsonNode headers) implements RequestFacts {

    @Override
    public Value param(String path) {
        JsonNode node = body;
        for (String step : path.split("\\.", -1)) {
            if (step.equals("#")) {
                return node.isArray() ? Value.of(BigDecimal.valueOf(node.size())) : Value.NIL;
            }
            node = node.isArray() && step.matches("[0-9]{1,9}") ? node.path(Integer.parseInt(step)) : node.path(step);
        }
        if (node.isMissingNode() || node.isNull()) {
            return Value.NIL;
        }
        if (node.isNumber()) {
            return Value.of(node.decimalValue());
        }
        if (node.isBoolean()) {
            return Value.of(node.booleanValue());
        }
        return Value.of(node.isTextual() ? node.textValue() : node.toString());
    }

    @Override
    public String header(String name) {
        Iterator<Map.Entry<String, JsonNode>> fields = headers.fields();
        while (fields.hasNext()) {
            Map.Entry<String, JsonNode> field = fields.next();
            if (field.getKey().equalsIgnoreCase(name)) {
                return field.getValue().asText();
            }
        }
        return "";
    }
}
