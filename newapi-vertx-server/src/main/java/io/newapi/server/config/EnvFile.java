package io.newapi.server.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a file {@code .env} sets.
 *
 * @param values by name
 * @param problems one sentence each, without what the file says, since it holds secrets
 * @param warnings of lines that are read, but perhaps not as meant
 */
record EnvFile(Map<String, String> values, List<String> problems, List<String> warnings) {

    static final String NAME = ".env";

    private static final long MAX_BYTES = 1 << 20;

    EnvFile {
        values = Map.copyOf(values);
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
    }

    /** Reads the file of a directory; one that does not exist is empty. */
    static EnvFile in(Path directory, Map<String, String> environment) {
        Path file = directory.resolve(NAME);
        try {
            if (Files.size(file) > MAX_BYTES) {
                return unreadable(file + " is longer than " + MAX_BYTES + " bytes");
            }
            return EnvFileParser.parse(Files.readString(file), environment);
        } catch (NoSuchFileException e) {
            return new EnvFile(Map.of(), List.of(), List.of());
        } catch (CharacterCodingException e) {
            return unreadable(file + " is not written in UTF-8");
        } catch (IOException e) {
            return unreadable(file + " cannot be read: " + e);
        }
    }

    private static EnvFile unreadable(String problem) {
        return new EnvFile(Map.of(), List.of(problem), List.of());
    }
}
