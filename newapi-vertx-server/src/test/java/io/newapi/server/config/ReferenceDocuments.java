package io.newapi.server.config;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes the two documents that list every variable from the declarations. */
final class ReferenceDocuments {

    private static final int COMMENT_WIDTH = 100;

    private static final String CONFIGURATION_HEAD = """
            # Configuration

            Generated from the declarations in `io.newapi.server.config`; do not edit it by hand.

            A node reads its settings once, when it starts: from its environment, and from a file `.env` in its working
            directory for names that the environment does not have. An empty value counts as unset; blanks around a value
            do not count, except those of texts and secrets. All problems are reported together, each with the name of its
            variable, and the node does not start with one: a setting that cannot be read never falls back to its default
            in silence. `newapi-server --check-config` prints what takes effect and where it comes from, with secrets
            masked, and exits with 0, or with 1 if something is wrong.

            - **int** is a decimal number, in the unit and range that are given.
            - **bool** is `true` or `false`; `1 t T TRUE True` and `0 f F FALSE False` are understood.
            - **exactly true** is on for `true` and off for everything else, with a warning where that may surprise.
            - **Since** is the version in which a variable began to act. Variables that are known and do not act are
              accepted, and named in one warning.
            - A name that starts with `NEWAPI_` and is not known stops the start. Left alone are those of tests
              (`NEWAPI_TEST_...`), what Kubernetes sets for a service of that name, and those of the command line and the
              scripts:
            OTHERS- Another name that is not known is warned of if it stands in the file `.env`, or if it is one letter or its
              letter case away from a known one.

            ## The file `.env`

            Lines `NAME=value`, with `export` before the name if wanted; blank lines and comments after `#`. A value stands
            bare, in single quotes (taken literally), or in double quotes (where `\\n`, `\\r`, `\\t` are line feed, carriage
            return and tabulator, and any other character after a backslash is itself). In bare and double-quoted values
            `$NAME` and `${NAME}`, in capital letters, stand for a variable of the environment or of an earlier line; `\\$`
            is a dollar sign.

            ## Flags

            With one dash or two, `--name value` or `--name=value`.

            ```text
            """;

    private static final String EXAMPLE_HEAD = """
            # Settings of a node, with their defaults. Copy this to .env in the working directory and change what you need.
            # Generated from the declarations in io.newapi.server.config; see docs/configuration.md.
            """;

    private ReferenceDocuments() {}

    /** The content of {@code docs/configuration.md}. */
    static String configuration() {
        String others = NameCheck.forOthers()
                .map(name -> "`" + name + "`")
                .collect(Collectors.joining(", ", "", "."))
                .replaceAll("(.{1," + COMMENT_WIDTH + "})(?: |$)", "  $1\n");
        return CONFIGURATION_HEAD.replace("OTHERS", others) + Flags.USAGE + "```\n"
                + Catalog.SECTIONS.stream().map(ReferenceDocuments::table).collect(Collectors.joining());
    }

    /** The content of {@code .env.example}: what acts, every line commented out. */
    static String example() {
        return EXAMPLE_HEAD
                + Catalog.SECTIONS.stream()
                        .filter(section -> acting(section).findAny().isPresent())
                        .map(ReferenceDocuments::lines)
                        .collect(Collectors.joining());
    }

    private static String table(Section section) {
        return "\n## " + section.title()
                + "\n\n| Name | Type | Range | Default | Since | Meaning |\n| --- | --- | --- | --- | --- | --- |\n"
                + section.variables().stream().map(ReferenceDocuments::row).collect(Collectors.joining());
    }

    private static String row(Variable<?> variable) {
        Kind<?> kind = variable.kind();
        String type = kind.unit().isEmpty() ? kind.type() : kind.type() + ", " + kind.unit();
        return Stream.of(
                        "`" + variable.name() + "`",
                        type,
                        kind.range(),
                        fallback(variable),
                        variable.effect().since(),
                        variable.doc().replace("<", "&lt;"))
                .collect(Collectors.joining(" | ", "| ", " |\n"))
                .replace("|  |", "| |")
                .replace("|  |", "| |");
    }

    private static String fallback(Variable<?> variable) {
        Variable.Fallback fallback = variable.fallback();
        return fallback.text().isEmpty() ? fallback.words() : "`" + fallback.text() + "`";
    }

    private static Stream<Variable<?>> acting(Section section) {
        return section.variables().stream().filter(variable -> variable.effect().acts());
    }

    private static String lines(Section section) {
        return "\n# ---- " + section.title() + "\n"
                + acting(section)
                        .map(variable -> "\n" + comment(variable) + "#" + variable.name() + "="
                                + variable.fallback().text() + "\n")
                        .collect(Collectors.joining());
    }

    private static String comment(Variable<?> variable) {
        String text = variable.doc() + " (" + EnvironmentHelp.facts(variable) + ")";
        return text.replaceAll("(.{1," + COMMENT_WIDTH + "})(?: |$)", "# $1\n");
    }
}
