package io.newapi.server.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What is logged, and where besides standard output.
 *
 * @param format how lines are written
 * @param debug whether debug lines are written too
 * @param dir the absolute directory of the log files; null if there are none
 */
public record LogConfig(
        LogFormat format, boolean debug, @Nullable Path dir) {

    static final Variable<LogFormat> FORMAT = Variable.of(
            "NEWAPI_LOG_FORMAT",
            Kind.oneOf(LogFormat.class),
            "text",
            "How log lines are written, to standard output and to the file: one line per event either way.");

    static final Variable<Boolean> DEBUG =
            Variable.of("DEBUG", Kind.exactlyTrue(), "false", "Write debug lines. Keys and passwords stay masked.");

    static final Section SECTION = Section.of("Logging", FORMAT, DEBUG);

    static LogConfig read(Settings settings, Directories directories, @Nullable String logDir) {
        Path dir = logDir == null ? directories.logs() : named(settings, directories, logDir);
        return new LogConfig(settings.get(FORMAT), settings.get(DEBUG), dir);
    }

    private static @Nullable Path named(Settings settings, Directories directories, String logDir) {
        try {
            return logDir.isEmpty() ? null : directories.resolve(logDir);
        } catch (InvalidPathException e) {
            settings.problem("--log-dir must be a path, but is '" + Settings.printable(logDir) + "'");
            return null;
        }
    }
}
