package io.newapi.server.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Resolves paths against the working directory. */
record Directories(Path working) {

    Directories {
        working = working.toAbsolutePath().normalize();
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
