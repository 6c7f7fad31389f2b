package io.newapi.server.shape;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;

/** The actions on values of a body of any kind. Values of the override are copied, so that no request changes it. */
final class BodyActions {

    private BodyActions() {}

    static Action set(JsonPath path, JsonNode value, boolean keepOrigin) {
        return draft -> {
            if (!keepOrigin || path.in(draft.body()).isMissingNode()) {
                path.set(draft.body(), value.deepCopy());
            }
        };
    }

    static Action copy(JsonPath from, JsonPath to) {
        return draft -> to.set(draft.body(), there(from, draft).deepCopy());
    }

    static Action move(JsonPath from, JsonPath to) {
        return draft -> {
            JsonNode moved = there(from, draft).deepCopy();
            to.set(draft.body(), moved);
            if (!from.toString().equals(to.toString())) {
                from.remove(draft.body());
            }
        };
    }

    private static JsonNode there(JsonPath from, Draft draft) {
        JsonNode found = from.in(draft.body());
        if (found.isMissingNode()) {
            throw new NotApplicableException("there is nothing at " + from);
        }
        return found;
    }

    /** Adds to a list, a text or an object. */
    static Action add(JsonPath path, JsonNode value, boolean inFront, boolean keepOrigin) {
        return draft -> {
            JsonNode found = path.in(draft.body());
            if (found instanceof ArrayNode list) {
                addTo(list, value, inFront);
            } else if (found.isTextual()) {
                String more = Trees.text(value);
                String text = found.textValue();
                path.set(draft.body(), TextNode.valueOf(inFront ? more + text : text + more));
            } else if (found instanceof ObjectNode object && value.isObject()) {
                merge(object, value, keepOrigin);
            } else {
                throw new NotApplicableException("nothing of this kind can be added to what is at " + path);
            }
        };
    }

    private static void addTo(ArrayNode list, JsonNode value, boolean inFront) {
        ArrayNode more = Trees.newArray();
        if (value instanceof ArrayNode several) {
            several.forEach(element -> more.add(element.deepCopy()));
        } else {
            more.add(value.deepCopy());
        }
        int at = inFront ? 0 : list.size();
        for (JsonNode element : more) {
            list.insert(at, element);
            at++;
        }
    }

    private static void merge(ObjectNode object, JsonNode more, boolean keepOrigin) {
        for (Map.Entry<String, JsonNode> field : more.properties()) {
            if (!keepOrigin || !object.has(field.getKey())) {
                object.set(field.getKey(), field.getValue().deepCopy());
            }
        }
    }
}
