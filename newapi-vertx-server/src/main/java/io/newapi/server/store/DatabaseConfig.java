package io.newapi.server.store;

/**
 * How to open the embedded database.
 *
 * @param location the file and how long to wait for its lock
 * @param readers connections for reading, 1 to 64; writing has exactly one
 */
public record DatabaseConfig(SqliteLocation location, int readers) {

    /** Enough for the admin API of one node: SQLite reads from the page cache. */
    public static final int DEFAULT_READERS = 4;

    private static final int MAX_READERS = 64;

    /** @throws IllegalArgumentException if the number of readers is out of range */
    public DatabaseConfig {
        if (readers < 1 || readers > MAX_READERS) {
            throw new IllegalArgumentException("readers must be from 1 to " + MAX_READERS + ": " + readers);
        }
    }

    /** A file with the default number of readers. */
    public static DatabaseConfig of(SqliteLocation location) {
        return new DatabaseConfig(location, DEFAULT_READERS);
    }
}
