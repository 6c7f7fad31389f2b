package io.newapi.server.config;

/** Whether a variable that is known does anything in this version. */
enum Effect {
    /** It does what its doc line says, since 0.1.0. */
    SINCE_0_1("0.1.0"),
    /** It is accepted, and nothing acts on it yet. */
    LATER("not yet"),
    /** It is accepted because others read or once read it; nothing here ever will. */
    NEVER("never"),
    /** The surroundings of the process set it, not the operator; nobody is told that it does nothing. */
    AMBIENT("never");

    private final String since;

    Effect(String since) {
        this.since = since;
    }

    /** The version from which the variable acts, or a word where there is none. */
    String since() {
        return since;
    }

    boolean acts() {
        return this == SINCE_0_1;
    }

    /** Whether an operator who sets the variable should hear that it does nothing. */
    boolean disappoints() {
        return this == LATER || this == NEVER;
    }
}
