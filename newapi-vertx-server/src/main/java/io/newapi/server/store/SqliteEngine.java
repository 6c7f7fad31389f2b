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
import org.jooq.SQLDialect;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * An SQLite file: a single connection that writes, and a few that read.
 *
 * <p>A new file is put into write-ahead-log mode. The journal mode of an existing file is left as it is, because the
 * change is permanent and another program may share the file.
 */
final class SqliteEngine implements Engine {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteEngine.class);

    /** Each try waits for the busy timeout. */
    private static final int ATTEMPTS = 3;

    private final Path file;
    private final HikariDataSource writer;
    private final HikariDataSource readers;

    private SqliteEngine(Path file, HikariDataSource writer, HikariDataSource readers) {
        this.file = file;
        this.writer = writer;
        this.readers = readers;
    }

    /** Opens the file, or creates it. */
    static SqliteEngine open(DatabaseConfig config) {
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
            return new SqliteEngine(
                    file, writer, pool("newapi-reader", source, config.readers(), "pragma query_only=1", config));
        } catch (HikariPool.PoolInitializationException e) {
            writer.close();
            throw DatabaseException.of(doing, e);
        }
    }

    /** The database file, absolute. */
    Path file() {
        return file;
    }

    @Override
    public SQLDialect dialect() {
        return SQLDialect.SQLITE;
    }

    @Override
    public DateText dates() {
        return DateText.withZone();
    }

    @Override
    public String name() {
        return String.valueOf(file.getFileName());
    }

    @Override
    public HikariDataSource writers() {
        return writer;
    }

    @Override
    public HikariDataSource readers() {
        return readers;
    }

    @Override
    public void beginWrite(Connection connection) throws SQLException {
        run(connection, "begin immediate");
    }

    @Override
    public void beginRead(Connection connection) throws SQLException {
        run(connection, "begin");
    }

    /** A locked COMMIT leaves the transaction open, and is simply repeated: running the work again would be waste. */
    @Override
    public void commit(Connection connection) throws SQLException {
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

    @Override
    public void rollback(Connection connection) throws SQLException {
        run(connection, "rollback");
    }

    @Override
    public int attempts() {
        return ATTEMPTS;
    }

    /** The busy timeout was waiting enough. */
    @Override
    public void pauseBeforeRetry(int attempt) {}

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
