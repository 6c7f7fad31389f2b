package io.newapi.sandbox;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tools that a request offers and how it wants them used.
 *
 * @param choice how
 * @param named the tool to call if the choice is {@link Choice#NAMED}, empty otherwise
 * @param parallel whether one reply may call several
 */
record Toolbox(List<Tool> tools, Choice choice, String named, boolean parallel) {

    private static final Pattern CALL = Pattern.compile("\\bcall ([A-Za-z0-9_-]{1,64})");

    enum Choice {
        AUTO,
        NONE,
        ANY,
        NAMED
    }

    /**
     * The tools to call: the named one; or those of which the question says "call NAME"; or, if one must be called, the
     * first.
     *
     * @throws Refused if the named tool is not among the tools
     */
    List<Tool> called(String question) {
        if (choice == Choice.NAMED) {
            return List.of(find(named).orElseThrow(() -> Refused.because("no such tool: " + named)));
        }
        if (tools.isEmpty() || choice == Choice.NONE) {
            return List.of();
        }
        Set<Tool> wanted = new LinkedHashSet<>();
        Matcher call = CALL.matcher(question);
        while (call.find()) {
            find(call.group(1)).ifPresent(wanted::add);
        }
        if (wanted.isEmpty() && choice == Choice.ANY) {
            wanted.add(tools.get(0));
        }
        return wanted.stream().limit(parallel ? Long.MAX_VALUE : 1).toList();
    }

    private Optional<Tool> find(String name) {
        return tools.stream().filter(tool -> tool.name().equals(name)).findFirst();
    }
}
