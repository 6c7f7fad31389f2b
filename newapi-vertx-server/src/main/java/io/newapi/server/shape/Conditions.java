package io.newapi.server.shape;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * When something is to be done.
 *
 * @param each none, for always
 * @param all whether all of them have to hold, rather than one
 */
record Conditions(List<Condition> each, boolean all) {

    Conditions {
        each = List.copyOf(each);
    }

    /** The {@code conditions} of an object, with its {@code logic}. */
    static Conditions read(Spec spec) {
        List<Condition> each = new ArrayList<>();
        for (Spec condition : spec.list("conditions")) {
            try {
                each.add(Condition.of(condition));
            } catch (InvalidShapeException e) {
                throw e.at("condition " + (each.size() + 1));
            }
        }
        String logic = spec.text("logic");
        if (!logic.isEmpty() && !logic.equalsIgnoreCase("and") && !logic.equalsIgnoreCase("or")) {
            throw new InvalidShapeException("logic must be AND or OR");
        }
        return new Conditions(each, logic.equalsIgnoreCase("and"));
    }

    /**
     * Whether they hold.
     *
     * @param object what they are about
     * @param facts what is looked for there if it is not in the object
     */
    boolean hold(JsonNode object, JsonNode facts) {
        return each.isEmpty()
                || (all
                        ? each.stream().allMatch(condition -> condition.holds(object, facts))
                        : each.stream().anyMatch(condition -> condition.holds(object, facts)));
    }
}
