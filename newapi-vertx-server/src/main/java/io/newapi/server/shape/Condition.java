package io.newapi.server.shape;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;

/**
 * Something that has to be so for an operation to act.
 *
 * @param path looked up in the body, then among the facts of the call
 * @param value compared with what is there
 * @param invert whether it has to be otherwise
 * @param passMissingKey what it comes to, before that, where nothing is there
 */
record Condition(JsonPath path, Mode mode, JsonNode value, boolean invert, boolean passMissingKey) {

    /** How they are compared. */
    enum Mode {
        FULL {
            @Override
            boolean holds(JsonNode found, JsonNode value) {
                if (found.isNull() || value.isNull()) {
                    return found.isNull() && value.isNull();
                }
                if (kind(found) != kind(value)) {
                    throw new NotApplicableException("full compares values of two kinds");
                }
                return Trees.same(found, value);
            }
        },
        PREFIX {
            @Override
            boolean holds(JsonNode found, JsonNode value) {
                return Trees.text(found).startsWith(Trees.text(value));
            }
        },
        SUFFIX {
            @Override
            boolean holds(JsonNode found, JsonNode value) {
                return Trees.text(found).endsWith(Trees.text(value));
            }
        },
        CONTAINS {
            @Override
            boolean holds(JsonNode found, JsonNode value) {
                return Trees.text(found).contains(Trees.text(value));
            }
        },
        GT {
            @Override
            boolean holds(JsonNode found, JsonNode value) {
                return compared(found, value) > 0;
            }
        },
        GTE {
            @Override
            boolean holds(JsonNode found, JsonNode value) {
                return compared(found, value) >= 0;
            }
        },
        LT {
            @Override
            boolean holds(JsonNode found, JsonNode value) {
                return compared(found, value) < 0;
            }
        },
        LTE {
            @Override
            boolean holds(JsonNode found, JsonNode value) {
                return compared(found, value) <= 0;
            }
        };

        abstract boolean holds(JsonNode found, JsonNode value);

        private static int compared(JsonNode found, JsonNode value) {
            if (!found.isNumber() || !value.isNumber()) {
                throw new NotApplicableException("gt, gte, lt and lte compare numbers");
            }
            return Trees.compare(found, value);
        }

        private static JsonNodeType kind(JsonNode value) {
            return value.getNodeType();
        }
    }

    static Condition of(Spec spec) {
        return new Condition(
                spec.path("path"),
                spec.choice("mode", Mode.class),
                spec.value("value"),
                spec.flag("invert"),
                spec.flag("pass_missing_key"));
    }

    /** Whether it is so in {@code object}, or, where that says nothing, among the facts of the call. */
    boolean holds(JsonNode object, JsonNode facts) {
        JsonNode found = path.in(object);
        if (found.isMissingNode()) {
            found = path.in(facts);
        }
        boolean holds = found.isMissingNode() ? passMissingKey : mode.holds(found, value);
        return holds != invert;
    }
}
