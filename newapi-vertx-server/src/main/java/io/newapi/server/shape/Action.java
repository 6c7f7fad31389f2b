package io.newapi.server.shape;

/** Changes a draft. Immutable. */
@FunctionalInterface
interface Action {

    /**
     * Does it.
     *
     * @throws NotApplicableException if it makes no sense for this one
     * @throws ReturnedErrorException if the request is to be answered with an error
     */
    void apply(Draft draft);
}
