package io.newapi.server.shape;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.function.UnaryOperator;

/** Changes a text of the body. */
record TextAction(JsonPath path, UnaryOperator<String> change) implements Action {

    static TextAction at(Spec spec, UnaryOperator<String> change) {
        return new TextAction(spec.path("path"), change);
    }

    @Override
    public void apply(Draft draft) {
        JsonNode found = path.in(draft.body());
        if (!found.isTextual()) {
            throw new NotApplicableException("there is no text at " + path);
        }
        path.set(draft.body(), TextNode.valueOf(change.apply(found.textValue())));
    }
}
