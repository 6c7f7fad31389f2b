package io.newapi.server.relay.wire.chat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A conversation as it is read: messages of one role behind each other become one turn, part by part, and what is told to the
 * model behind its first words goes to the instructions too, since no format but OpenAI's can say it there. Confined to one
 * thread.
 */
final class OpenAiTurns {

    private final List<Part.Text> instructions = new ArrayList<>();
    private final List<Turn> turns = new ArrayList<>();
    private final Set<String> unheld = new LinkedHashSet<>();
    private final List<Part> parts = new ArrayList<>();
    private Turn.@Nullable Role role;

    void instruct(Part.Text text) {
        instructions.add(text);
    }

    /** A message of the one who runs the program. */
    void instruct(Fields message, List<Part> parts) {
        for (Part part : parts) {
            if (!(part instanceof Part.Text text)) {
                throw message.bad("content", "must be text");
            }
            instruct(text);
        }
    }

    /** A message of the one who asks; an empty one is one too. */
    void ask(List<Part> parts) {
        say(Turn.Role.USER, parts.isEmpty() ? List.of(Part.Text.of("")) : parts);
    }

    void say(Turn.Role who, Part part) {
        if (role != who) {
            close();
            role = who;
        }
        parts.add(part);
    }

    void say(Turn.Role who, List<Part> what) {
        what.forEach(part -> say(who, part));
    }

    /** Notes a field that has no place in a conversation; the number of its message is no help to anybody. */
    void unheld(String path) {
        unheld.add(path.replaceAll("\\[\\d+]", "[]"));
    }

    List<Part.Text> instructions() {
        return instructions;
    }

    List<Turn> turns() {
        close();
        return turns;
    }

    List<String> unheld() {
        return List.copyOf(unheld);
    }

    private void close() {
        if (role != null && !parts.isEmpty()) {
            turns.add(new Turn(role, parts));
        }
        parts.clear();
        role = null;
    }
}
