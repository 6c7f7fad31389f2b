package io.newapi.server.config;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The text of {@code --help-env}. */
final class EnvironmentHelp {

    private static final int WIDTH = 96;
    private static final String INDENT = "      ";

    private EnvironmentHelp() {}

    static String text() {
        return Catalog.SECTIONS.stream().map(EnvironmentHelp::section).collect(Collectors.joining("\n"));
    }

    private static String section(Section section) {
        return section.title() + "\n"
                + section.variables().stream().map(EnvironmentHelp::variable).collect(Collectors.joining());
    }

    private static String variable(Variable<?> variable) {
        return "  " + variable.name() + "  (" + facts(variable) + ")\n" + wrap(variable.doc());
    }

    /** Type, unit, range, default and state, where there are any. */
    static String facts(Variable<?> variable) {
        Kind<?> kind = variable.kind();
        String type = kind.unit().isEmpty() ? kind.type() : kind.type() + " " + kind.unit();
        String fallback = variable.fallback().words();
        return Stream.of(
                        type,
                        kind.range(),
                        fallback.isEmpty() ? "" : "default " + fallback,
                        variable.effect().disappoints() ? "no effect in this version" : "")
                .filter(fact -> !fact.isEmpty())
                .collect(Collectors.joining(", "));
    }

    private static String wrap(String doc) {
        StringBuilder text = new StringBuilder();
        StringBuilder line = new StringBuilder(INDENT);
        for (String word : doc.split(" ", -1)) {
            if (line.length() + word.length() > WIDTH && line.length() > INDENT.length()) {
                text.append(line.toString().stripTrailing()).append('\n');
                line = new StringBuilder(INDENT);
            }
            line.append(word).append(' ');
        }
        return text.append(line.toString().stripTrailing()).append('\n').toString();
    }
}
