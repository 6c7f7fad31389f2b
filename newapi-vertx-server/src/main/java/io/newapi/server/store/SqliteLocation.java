package io.newapi.server.store;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an SQLite database is: the value of {@code SQLITE_PATH}, a path with an optional query part such as
 * {@code ?_busy_timeout=30000}.
 *
 * @param file the database file
 * @param busyTimeout how long to wait for another process that has locked the file; from 0 to 10 minutes
 * @param warnings one sentence for each query parameter that is not known and therefore ignored
 */
public record SqliteLocation(Path file, Duration busyTimeout, List<String> warnings) {

    /** The original's own default: a file in the working directory. */
    public static final String DEFAULT = "one-api.db?_busy_timeout=30000";

    /** How long to wait for a lock when the location does not say. */
    public static final Duration DEFAULT_BUSY_TIMEOUT = Duration.ofSeconds(30);

    private static final long MAX_BUSY_MILLIS = 600_000;
    private static final Pattern BUSY_PRAGMA = Pattern.compile("busy_timeout[(=](\\d{1,9})\\)?");

    /** @throws IllegalArgumentException if the timeout is out of range */
    public SqliteLocation {
        if (busyTimeout.isNegative() || busyTimeout.toMillis() > MAX_BUSY_MILLIS) {
            throw new IllegalArgumentException(
                    "busy timeout must be from 0 to " + MAX_BUSY_MILLIS + " ms: " + busyTimeout.toMillis());
        }
        warnings = List.copyOf(warnings);
    }

    /** A file with the default timeout. */
    public static SqliteLocation of(Path file) {
        return new SqliteLocation(file, DEFAULT_BUSY_TIMEOUT, List.of());
    }

    /**
     * Parses the value of {@code SQLITE_PATH}; a blank value means {@link #DEFAULT}.
     *
     * @throws IllegalArgumentException if it names no file, or gives an unusable busy timeout
     */
    public static SqliteLocation parse(String text) {
        String value = text.isBlank() ? DEFAULT : text.strip();
        int query = value.indexOf('?');
        String path = query < 0 ? value : value.substring(0, query);
        if (path.startsWith("file:")) {
            path = path.substring("file:".length());
        }
        if (path.isEmpty() || path.startsWith(":memory:")) {
            throw new IllegalArgumentException(
                    "SQLITE_PATH must name a file; a database in memory would be lost with the process: " + text);
        }
        Duration busyTimeout = DEFAULT_BUSY_TIMEOUT;
        List<String> warnings = new ArrayList<>();
        for (String parameter : parameters(query < 0 ? "" : value.substring(query + 1))) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            String setting = equals < 0 ? "" : parameter.substring(equals + 1);
            Matcher pragma = BUSY_PRAGMA.matcher(setting);
            if (name.equals("_busy_timeout") || name.equals("_timeout")) {
                busyTimeout = millis(name, setting);
            } else if (name.equals("_pragma") && pragma.matches()) {
                busyTimeout = millis(name, pragma.group(1));
            } else {
                warnings.add("SQLITE_PATH: the parameter '" + name + "' is not known and has no effect");
            }
        }
        return new SqliteLocation(path(path), busyTimeout, warnings);
    }

    private static List<String> parameters(String query) {
        List<String> parameters = new ArrayList<>();
        for (int start = 0; start < query.length(); ) {
            int end = query.indexOf('&', start);
            int stop = end < 0 ? query.length() : end;
            if (stop > start) {
                parameters.add(query.substring(start, stop));
            }
            start = stop + 1;
        }
        return parameters;
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("SQLITE_PATH is not a path: " + text, e);
        }
    }

    private static Duration millis(String name, String text) {
        try {
            long millis = Long.parseLong(text);
            if (millis >= 0 && millis <= MAX_BUSY_MILLIS) {
                return Duration.ofMillis(millis);
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(badTimeout(name, text), e);
        }
        throw new IllegalArgumentException(badTimeout(name, text));
    }

    private static String badTimeout(String name, String text) {
        return "SQLITE_PATH: " + name + " must be milliseconds from 0 to " + MAX_BUSY_MILLIS + ": " + text;
    }
}
