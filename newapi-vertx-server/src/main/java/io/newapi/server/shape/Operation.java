package io.newapi.server.shape;

import java.util.List;

/**
 * One step of an override: what it does, and when.
 *
 * @param mode what kind of step it is
 * @param action the step
 * @param conditions none, for always
 * @param all whether all of them have to hold, rather than one
 */
record Operation(Mode mode, Action action, List<Condition> conditions, boolean all) {

    Operation {
        conditions = List.copyOf(conditions);
    }

    boolean changesHeaders() {
        return mode.changesHeaders();
    }

    void apply(Draft draft) {
        if (conditions.isEmpty()
                || (all
                        ? conditions.stream().allMatch(condition -> condition.holds(draft))
                        : conditions.stream().anyMatch(condition -> condition.holds(draft)))) {
            action.apply(draft);
        }
    }
}
