package io.newapi.server.shape;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Optional;

/** Lets two places say the same: where one of them says nothing, it gets what the other says. What both say stays. */
record SyncAction(Place one, Place other) implements Action {

    /** A header, or a place in the body. */
    interface Place {

        /** What it says; empty for nothing, and for an empty text. */
        Optional<JsonNode> read(Draft draft);

        void write(Draft draft, JsonNode value);

        /** {@code header:NAME} or {@code json:PATH}. */
        static Place parse(String text) {
            if (text.startsWith("header:")) {
                return new Header(HeaderRules.requireName(
                        text.substring("header:".length()).strip()));
            }
            if (text.startsWith("json:")) {
                return new Body(JsonPath.parse(text.substring("json:".length()).strip()));
            }
            throw new InvalidShapeException("from and to must begin with header: or json:");
        }
    }

    private record Header(String name) implements Place {
        @Override
        public Optional<JsonNode> read(Draft draft) {
            return draft.headers()
                    .get(name)
                    .or(() -> draft.client().get(name))
                    .map(String::strip)
                    .filter(value -> !value.isEmpty())
                    .map(TextNode::valueOf);
        }

        @Override
        public void write(Draft draft, JsonNode value) {
            String text = Trees.text(value);
            if (!value.isValueNode() || !HeaderRules.isValue(text)) {
                throw new NotApplicableException("what is to be the header " + name + " cannot be one");
            }
            draft.headers().set(name, text);
        }
    }

    private record Body(JsonPath path) implements Place {
        @Override
        public Optional<JsonNode> read(Draft draft) {
            return Optional.of(path.in(draft.body()))
                    .filter(found -> !found.isMissingNode() && !found.isNull())
                    .filter(found -> !found.isTextual() || !found.textValue().isBlank());
        }

        @Override
        public void write(Draft draft, JsonNode value) {
            path.set(draft.body(), value.deepCopy());
        }
    }

    static SyncAction of(Spec spec) {
        return new SyncAction(Place.parse(spec.filledText("from")), Place.parse(spec.filledText("to")));
    }

    @Override
    public void apply(Draft draft) {
        Optional<JsonNode> ofOne = one.read(draft);
        Optional<JsonNode> ofOther = other.read(draft);
        if (ofOther.isEmpty()) {
            ofOne.ifPresent(value -> other.write(draft, value));
        } else if (ofOne.isEmpty()) {
            one.write(draft, ofOther.get());
        }
    }
}
