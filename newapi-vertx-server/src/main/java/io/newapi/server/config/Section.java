package io.newapi.server.config;

import java.util.List;

/** Variables that belong together, in the order in which lists show them. */
record Section(String title, List<Variable<?>> variables) {

    Section {
        variables = List.copyOf(variables);
    }

    static Section of(String title, Variable<?>... variables) {
        return new Section(title, List.of(variables));
    }
}
