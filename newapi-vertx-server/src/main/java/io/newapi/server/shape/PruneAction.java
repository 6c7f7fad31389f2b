package io.newapi.server.shape;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes objects out of the lists and objects that hold them.
 *
 * @param path below which they are looked for; empty for the whole body
 * @param where what has to stand in them
 * @param conditions what has to be so besides
 * @param deep whether they are also looked for inside of what stays
 */
record PruneAction(Optional<JsonPath> path, List<Field> where, Conditions conditions, boolean deep) implements Action {

    /** A value that has to stand at a place in an object. */
    record Field(JsonPath path, JsonNode value) {
        boolean holds(JsonNode object) {
            return Trees.same(path.in(object), value);
        }
    }

    PruneAction {
        where = List.copyOf(where);
    }

    /** The {@code value} is the type of the objects, or an object that says more. */
    static PruneAction of(Spec spec) {
        Optional<JsonPath> path = spec.text("path").isEmpty() ? Optional.empty() : Optional.of(spec.path("path"));
        JsonNode value = spec.value("value");
        List<Field> where = new ArrayList<>();
        if (value.isTextual() && !value.textValue().isBlank()) {
            where.add(new Field(
                    JsonPath.parse("type"), TextNode.valueOf(value.textValue().strip())));
            return new PruneAction(path, where, new Conditions(List.of(), false), true);
        }
        if (!(value instanceof ObjectNode object)) {
            throw new InvalidShapeException("value must be a type, or an object");
        }
        if (object.path("type").isTextual()) {
            where.add(new Field(JsonPath.parse("type"), object.get("type")));
        }
        JsonNode fields = object.path("where");
        if (!fields.isMissingNode() && !fields.isObject()) {
            throw new InvalidShapeException("where must be an object");
        }
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            where.add(new Field(JsonPath.parse(field.getKey()), field.getValue()));
        }
        Spec more = Spec.of(object);
        Conditions conditions = Conditions.read(more);
        if (where.isEmpty() && conditions.each().isEmpty()) {
            throw new InvalidShapeException("value must say which objects: type, where or conditions");
        }
        return new PruneAction(path, where, conditions, !object.has("recursive") || more.flag("recursive"));
    }

    @Override
    public void apply(Draft draft) {
        prune(path.map(place -> place.in(draft.body())).orElse(draft.body()), draft.facts());
    }

    private void prune(JsonNode holder, JsonNode facts) {
        if (!(holder instanceof ArrayNode) && !(holder instanceof ObjectNode)) {
            return;
        }
        for (Iterator<JsonNode> held = holder.elements(); held.hasNext(); ) {
            JsonNode element = held.next();
            if (matches(element, facts)) {
                held.remove();
            } else if (deep) {
                prune(element, facts);
            }
        }
    }

    private boolean matches(JsonNode element, JsonNode facts) {
        return element instanceof ObjectNode
                && where.stream().allMatch(field -> field.holds(element))
                && conditions.hold(element, facts);
    }
}
