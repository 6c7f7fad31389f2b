package io.newapi.server.relay.wire.chat;

import java.util.ArrayList;
import java.util.List;

/** Turns as they are found; what one side says in several messages behind each other is one turn. Not thread-safe. */
final class MergedTurns {

    private final List<Turn> turns = new ArrayList<>();

    /** What is said next; nothing if there are no parts. */
    void add(Turn.Role role, List<Part> parts) {
        if (parts.isEmpty()) {
            return;
        }
        int last = turns.size() - 1;
        if (last < 0 || turns.get(last).role() != role) {
            turns.add(new Turn(role, parts));
            return;
        }
        List<Part> both = new ArrayList<>(turns.get(last).parts());
        both.addAll(parts);
        turns.set(last, new Turn(role, both));
    }

    List<Turn> turns() {
        return List.copyOf(turns);
    }
}
