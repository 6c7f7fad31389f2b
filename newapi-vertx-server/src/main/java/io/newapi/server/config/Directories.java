package io.newapi.server.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Resolves paths against the working directory.
 *
 * @param containerLogs where a container's log files go, if it has such a directory
 */
record Directories(Path working, Path containerLogs) {

    private static final Path CONTAINER_LOGS = Path.of("/app/logs");
    private static final String LOGS = "logs";

    Directories {
        working = working.toAbsolutePath().normalize();
    }

    Directories(Path working) {
        this(working, CONTAINER_LOGS);
    }

    /**
     * Where log files go if nothing is said: what compose files mount at {@code /app/logs} is meant for them. One that cannot be
     * written to, as when it belongs to another user, stops no node.
     */
    Path logs() {
        return Files.isDirectory(containerLogs) && Files.isWritable(containerLogs) ? containerLogs : resolve(LOGS);
    }

    /** The absolute path; the working directory itself, with a problem noted, if the text is not a path. */
    Path resolve(Settings settings, Variable<?> variable, String text) {
        try {
            return resolve(text);
        } catch (InvalidPathException e) {
            settings.problem(variable, text, "must be a path");
            return working;
        }
    }

    /** @throws InvalidPathException if the text is not a path */
    Path resolve(String text) {
        return working.resolve(text).normalize();
    }
}
