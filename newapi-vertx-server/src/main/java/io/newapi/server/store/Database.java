package io.newapi.server.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * One SQLite database file: a single connection that writes, and a few that read.
 *
 * <p>Every method <b>blocks</b> (up to the busy timeout, when another process has locked the file): call it from worker
 * threads only, never from an event loop. The class is safe for use by many threads; writers queue for the one writing
 * connection.
 *
 * <p>A call of {@link #write} or {@link #read} inside a {@link #write}, and of {@link #read} inside a {@link #read}, on
 * the same thread joins the transaction that is open: several stores are changed together or not at all.
 *
 * <p>A new file is put into write-ahead-log mode. The journal mode of an existing file is left as it is, because the
 * change is permanent and another program may share the file.
 */
public final class Database implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    /** How often a transaction is tried when the file stays locked; each try waits for the busy timeout. */
    private static final int ATTEMPTS = 3;

    /** Above all: statements are never logged, because their values may be secrets. */
    private static final Settings SETTINGS =
            new Settings().withExecuteLogging(false).withRenderSchema(false).withFetchWarnings(false);

    private final Path file;
    private final HikariDataSource writer;
    private final HikariDataSource readers;
    /** Of this database, not of the program: two databases may be open at once. Never left behind on a thread. */
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<@Nullable Open> current = new ThreadLocal<>();

    private record Open(DSLContext context, boolean writable) {}

    private Database(Path file, HikariDataSource writer, HikariDataSource readers) {
        this.file = file;
        this.writer = writer;
        this.readers = readers;
    }

    /**
     * Opens the file, or creates it; tables are the business of {@link Schema}.
     *
     * @throws DatabaseException if the file is no database, cannot be written, or stays locked
     */
    public static Database open(DatabaseConfig config) {
        Path file = config.location().file().toAbsolutePath().normalize();
        String doing = "open the SQLite database " + file;
        if (Files.isDirectory(file)) {
            throw new DatabaseException(
                    DatabaseException.Reason.NOT_A_DATABASE, "cannot " + doing + ": it is a directory", null);
        }
        Path directory = file.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new DatabaseException(
                    DatabaseException.Reason.NOT_WRITABLE,
                    "cannot " + doing + ": its directory does not exist (create it, or correct SQLITE_PATH)",
                    null);
        }
        SQLiteDataSource source = source(file, config);
        boolean isNew = isNew(file, doing);
        keepToOwner(file, doing);
        probe(source, isNew, doing);
        HikariDataSource writer = pool("newapi-writer", source, 1, "pragma query_only=0", config);
        try {
            return new Database(
                    file, writer, pool("newapi-reader", source, config.readers(), "pragma query_only=1", config));
        } catch (HikariPool.PoolInitializationException e) {
            writer.close();
            throw DatabaseException.of(doing, e);
        }
    }

    /** The database file, absolute. */
    public Path file() {
        return file;
    }

    /**
     * Runs {@code work} in one read transaction: all its queries see the same state. Must not write.
     *
     * @throws DatabaseException if the database fails
     */
    public <T extends @Nullable Object> T read(Function<DSLContext, T> work) {
        Open joined = current.get();
        if (joined != null) {
            return work.apply(joined.context());
        }
        return withRetry("read from " + file.getFileName(), readers, "begin", context -> enter(context, false, work));
    }

    /**
     * Runs {@code work} in one {@code BEGIN IMMEDIATE} transaction: committed when it returns, rolled back when it
     * throws. The work may run again when the file was locked, so it must have no effect outside the database; and it
     * must let failures travel.
     *
     * @throws DatabaseException if the database fails
     * @throws IllegalStateException inside a {@link #read} of the same thread
     */
    public <T extends @Nullable Object> T write(Function<DSLContext, T> work) {
        Open joined = current.get();
        if (joined != null) {
            if (!joined.writable()) {
                throw new IllegalStateException("write inside read: start with write");
            }
            return work.apply(joined.context());
        }
        return withRetry(
                "write to " + file.getFileName(), writer, "begin immediate", context -> enter(context, true, work));
    }

    /** Closes all connections; repeating it does nothing. */
    @Override
    public void close() {
        readers.close();
        writer.close();
    }

    private <T extends @Nullable Object> T enter(DSLContext context, boolean writable, Function<DSLContext, T> work) {
        current.set(new Open(context, writable));
        try {
            return work.apply(context);
        } finally {
            current.remove();
        }
    }

    private <T extends @Nullable Object> T withRetry(
            String doing, HikariDataSource pool, String begin, Function<DSLContext, T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return transaction(pool, begin, work);
            } catch (SQLException | DataAccessException e) {
                if (DatabaseException.reasonOf(e) != DatabaseException.Reason.LOCKED || attempt == ATTEMPTS) {
                    throw pool.isClosed()
                            ? new DatabaseException(
                                    DatabaseException.Reason.CLOSED, "cannot " + doing + ": it was closed", e)
                            : DatabaseException.of(doing, e);
                }
            }
        }
    }

    private static <T extends @Nullable Object> T transaction(
            HikariDataSource pool, String begin, Function<DSLContext, T> work) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            run(connection, begin);
            boolean committed = false;
            try {
                T result = work.apply(DSL.using(connection, SQLDialect.SQLITE, SETTINGS));
                commit(connection);
                committed = true;
                return result;
            } finally {
                if (!committed) {
                    rollback(pool, connection);
                }
            }
        }
    }

    /** A locked COMMIT leaves the transaction open, and is simply repeated: running the work again would be waste. */
    private static void commit(Connection connection) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                run(connection, "commit");
                return;
            } catch (SQLException e) {
                if (DatabaseException.reasonOf(e) != DatabaseException.Reason.LOCKED || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** The failure that led here is the one worth reporting; a connection that cannot roll back is thrown away. */
    private static void rollback(HikariDataSource pool, Connection connection) {
        try {
            run(connection, "rollback");
        } catch (SQLException e) {
            pool.evictConnection(connection);
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static boolean isNew(Path file, String doing) {
        try {
            return !Files.exists(file) || Files.size(file) == 0;
        } catch (IOException e) {
            throw new DatabaseException(DatabaseException.Reason.NOT_WRITABLE, "cannot " + doing + ": " + e, e);
        }
    }

    /** The keys of channels and tokens are in the file as they are. An existing file keeps its mode: others may rely on it. */
    private static void keepToOwner(Path file, String doing) {
        try {
            OwnersFile.create(file);
            if (OwnersFile.isReadableByOthers(file)) {
                LOG.warn("{} holds keys in clear, and other users of this machine may read it (chmod 600)", file);
            }
        } catch (IOException e) {
            throw new DatabaseException(DatabaseException.Reason.NOT_WRITABLE, "cannot " + doing, e);
        }
    }

    /** Finds out now, with a message that names the file, what would otherwise fail in the first request. */
    private static void probe(SQLiteDataSource source, boolean isNew, String doing) {
        try (Connection connection = source.getConnection()) {
            if (isNew) {
                run(connection, "pragma journal_mode=wal");
            }
            run(connection, "begin immediate");
            run(connection, "rollback");
        } catch (SQLException e) {
            throw DatabaseException.of(doing, e);
        }
    }

    private static SQLiteDataSource source(Path file, DatabaseConfig config) {
        SQLiteConfig sqlite = new SQLiteConfig();
        sqlite.setBusyTimeout(Math.toIntExact(config.location().busyTimeout().toMillis()));
        sqlite.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        SQLiteDataSource source = new SQLiteDataSource(sqlite);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    private static HikariDataSource pool(
            String name, SQLiteDataSource source, int size, String init, DatabaseConfig config) {
        HikariConfig pool = new HikariConfig();
        pool.setPoolName(name);
        pool.setDataSource(source);
        pool.setMaximumPoolSize(size);
        pool.setMinimumIdle(1);
        pool.setConnectionInitSql(init);
        pool.setMaxLifetime(0);
        pool.setConnectionTimeout(config.location().busyTimeout().toMillis() + 30_000);
        return new HikariDataSource(pool);
    }
}
