package io.newapi.core.sim;

import java.util.ArrayList;
import java.util.List;

/** What happened in a run, one numbered step a line. */
final class Story {

    private final List<String> lines = new ArrayList<>();

    void tell(long step, int now, String event) {
        lines.add(String.format("%5d  t=%-4d %s", step, now, event));
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public String toString() {
        return String.join("\n", lines);
    }
}
