package io.newapi.server.shape;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a channel changes in the body of each request, and with some operations in its headers. Two forms, which may stand in one text:
 * fields that replace those of the same name, then {@code operations}, which work one after the other on what the one before has
 * left. Immutable.
 */
public final class ParamOverride {

    private static final String OPERATIONS = "operations";
    private static final ParamOverride NONE = new ParamOverride(Map.of(), List.of(), false);

    private final Map<String, JsonNode> fields;
    private final List<Operation> operations;
    private final boolean headers;

    private ParamOverride(Map<String, JsonNode> fields, List<Operation> operations, boolean headers) {
        this.fields = fields;
        this.operations = List.copyOf(operations);
        this.headers = headers;
    }

    /** Changes nothing. */
    public static ParamOverride none() {
        return NONE;
    }

    /**
     * Reads a channel's text.
     *
     * @param json an object; a blank text changes nothing
     * @throws InvalidShapeException if it cannot be done; the message names the operation by its number, from 1, and mode
     */
    public static ParamOverride parse(String json) {
        if (json.isBlank() || json.strip().equals("null")) {
            return NONE;
        }
        ObjectNode object = Trees.object(json).orElseThrow(() -> new InvalidShapeException("not a JSON object"));
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        List<Operation> operations = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (field.getKey().equals(OPERATIONS) && field.getValue() instanceof ArrayNode list) {
                operations.addAll(operations(list));
            } else {
                fields.put(field.getKey(), field.getValue());
            }
        }
        return new ParamOverride(fields, operations, operations.stream().anyMatch(Operation::changesHeaders));
    }

    private static List<Operation> operations(ArrayNode list) {
        List<Operation> operations = new ArrayList<>();
        for (Spec spec : Spec.all(list, OPERATIONS)) {
            String place = "operation " + (operations.size() + 1);
            String mode;
            try {
                mode = spec.filledText("mode");
            } catch (InvalidShapeException e) {
                throw e.at(place);
            }
            try {
                operations.add(operation(spec));
            } catch (InvalidShapeException e) {
                throw e.at(place + " (" + shown(mode) + ")");
            }
        }
        return operations;
    }

    private static Operation operation(Spec spec) {
        Mode mode = spec.choice("mode", Mode.class);
        Action action = mode.read(spec);
        return new Operation(mode, action, Conditions.read(spec));
    }

    private static String shown(String mode) {
        return mode.length() <= 40 ? mode : mode.substring(0, 40) + "...";
    }

    /** Whether it changes nothing. */
    public boolean isEmpty() {
        return fields.isEmpty() && operations.isEmpty();
    }

    /** Whether it changes headers, too. */
    public boolean changesHeaders() {
        return headers;
    }

    /**
     * The body as it is to be sent.
     *
     * @param body as it would be sent without this; not changed
     * @param headers those of the same request; operations on headers change them
     * @param client what came with the client's request
     * @throws NotApplicableException if an operation makes no sense for it; the message names it
     * @throws ReturnedErrorException if it is to be answered with an error
     */
    public byte[] in(byte[] body, OutgoingHeaders headers, ClientHeaders client, CallFacts facts) {
        if (isEmpty()) {
            return body;
        }
        ObjectNode tree =
                Trees.object(body).orElseThrow(() -> new NotApplicableException("the body is no JSON object"));
        apply(Draft.of(tree, headers, client, facts));
        return Trees.bytes(tree);
    }

    void apply(Draft draft) {
        fields.forEach((name, value) -> draft.body().set(name, value.deepCopy()));
        for (int i = 0; i < operations.size(); i++) {
            try {
                operations.get(i).apply(draft);
            } catch (NotApplicableException e) {
                throw new NotApplicableException("operation " + (i + 1) + ": " + e.getMessage());
            }
        }
    }
}
