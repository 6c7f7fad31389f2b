package io.newapi.server.config;

import java.util.List;
import java.util.function.Function;

/** What came of reading environment, {@code .env} and flags. */
public sealed interface LoadResult {

    /** Calls the function for what this is. */
    <R> R match(Function<Loaded, R> loaded, Function<Printed, R> printed, Function<Invalid, R> invalid);

    /**
     * The node can start.
     *
     * @param warnings one sentence each, to be logged
     */
    record Loaded(ServerConfig config, List<String> warnings) implements LoadResult {

        public Loaded {
            warnings = List.copyOf(warnings);
        }

        @Override
        public <R> R match(Function<Loaded, R> loaded, Function<Printed, R> printed, Function<Invalid, R> invalid) {
            return loaded.apply(this);
        }
    }

    /**
     * Something was asked for that is answered by a text; the process prints it to standard output and exits with 0.
     *
     * @param text lines, the last of them ended
     */
    record Printed(String text) implements LoadResult {

        @Override
        public <R> R match(Function<Loaded, R> loaded, Function<Printed, R> printed, Function<Invalid, R> invalid) {
            return printed.apply(this);
        }
    }

    /**
     * The node must not start; the process prints {@link #text()} to standard error and exits.
     *
     * @param exitCode 1 for settings, 2 for flags
     * @param problems one sentence each, all that were found, at least one
     * @param warnings one sentence each
     * @param usage printed behind the problems; may be empty
     */
    record Invalid(int exitCode, List<String> problems, List<String> warnings, String usage) implements LoadResult {

        public Invalid {
            problems = List.copyOf(problems);
            warnings = List.copyOf(warnings);
        }

        /** All of it, as lines. */
        public String text() {
            StringBuilder text = new StringBuilder();
            problems.forEach(problem -> text.append("error: ").append(problem).append('\n'));
            warnings.forEach(warning -> text.append("warning: ").append(warning).append('\n'));
            return text.append(usage).toString();
        }

        @Override
        public <R> R match(Function<Loaded, R> loaded, Function<Printed, R> printed, Function<Invalid, R> invalid) {
            return invalid.apply(this);
        }
    }
}
