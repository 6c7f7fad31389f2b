package io.newapi.core.access;

import java.util.List;

/** The groups among which a call may be routed. */
public sealed interface GroupChoice {

    /** The groups to try, in this order; at least one. */
    List<String> groups();

    /**
     * Exactly this group.
     *
     * @param group its name
     */
    record Named(String group) implements GroupChoice {
        @Override
        public List<String> groups() {
            return List.of(group);
        }
    }

    /**
     * The first of these groups that serves the model.
     *
     * @param groups in the administrator's order; at least one
     */
    record Auto(List<String> groups) implements GroupChoice {
        /** @throws IllegalArgumentException if {@code groups} is empty */
        public Auto {
            groups = List.copyOf(groups);
            if (groups.isEmpty()) {
                throw new IllegalArgumentException("an automatic choice needs at least one group");
            }
        }
    }
}
