package io.newapi.server.shape;

/**
 * One step of an override: what it does, and when.
 *
 * @param mode what kind of step it is
 * @param action the step
 */
record Operation(Mode mode, Action action, Conditions conditions) {

    boolean changesHeaders() {
        return mode.changesHeaders();
    }

    void apply(Draft draft) {
        if (conditions.hold(draft.body(), draft.facts())) {
            action.apply(draft);
        }
    }
}
