package io.newapi.core.access;

import java.util.function.Function;

/** Whether a call may go on. */
public sealed interface Admission {

    /** One result for either outcome. */
    <T> T match(Function<Admitted, T> admitted, Function<Denied, T> denied);

    /**
     * The call may go on.
     *
     * @param groups among which groups it is routed
     */
    record Admitted(GroupChoice groups) implements Admission {
        @Override
        public <T> T match(Function<Admitted, T> admitted, Function<Denied, T> denied) {
            return admitted.apply(this);
        }
    }

    /**
     * The call may not go on.
     *
     * @param reason for programs
     * @param message for people: safe to send to the client, of bounded length
     */
    record Denied(Denial reason, String message) implements Admission {
        @Override
        public <T> T match(Function<Admitted, T> admitted, Function<Denied, T> denied) {
            return denied.apply(this);
        }
    }
}
