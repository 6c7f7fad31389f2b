package io.newapi.server.store;

import com.zaxxer.hikari.HikariDataSource;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database of a node: an SQLite file, or one of a MySQL, MariaDB or PostgreSQL server.
 *
 * <p>Every method <b>blocks</b> (on SQLite up to the busy timeout, when another process has locked the file): call it
 * from worker threads only, never from an event loop. The class is safe for use by many threads; on SQLite writers queue
 * for the one writing connection.
 *
 * <p>A call of {@link #write} or {@link #read} inside a {@link #write}, and of {@link #read} inside a {@link #read}, on
 * the same thread joins the transaction that is open: several stores are changed together or not at all.
 */
public final class Database implements AutoCloseable {

    /** Above all: statements are never logged, because their values may be secrets. */
    private static final Settings SETTINGS =
            new Settings().withExecuteLogging(false).withRenderSchema(false).withFetchWarnings(false);

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    private static final Duration REST = Duration.ofSeconds(5);

    private final Engine engine;
    /** Of this database, not of the program: two databases may be open at once. Never left behind on a thread. */
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<@Nullable Open> current = new ThreadLocal<>();

    /** What every transaction of a thread that may write ends with. Never left behind on a thread. */
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<@Nullable Consumer<DSLContext>> guards = new ThreadLocal<>();

    /** For how long callers are told at once that the database is away, after one has waited for it; zero: each waits. */
    private final Duration rest;

    private volatile long restsUntilNanos = System.nanoTime();

    private record Open(DSLContext context, boolean writable, List<Runnable> afterwards) {}

    private final @Nullable PipelinedLedger pipelined;

    private Database(Engine engine, Duration rest) {
        this(engine, rest, null);
    }

    private Database(Engine engine, Duration rest, @Nullable PipelinedLedger pipelined) {
        this.engine = engine;
        this.rest = rest;
        this.pipelined = pipelined;
    }

    /**
     * Opens an SQLite file, or creates it; tables are the business of {@link Schema}.
     *
     * @throws DatabaseException if the file is no database, cannot be written, or stays locked
     */
    public static Database open(DatabaseConfig config) {
        return new Database(SqliteEngine.open(config), Duration.ZERO);
    }

    /**
     * Connects to a database of a server.
     *
     * @throws DatabaseException if it cannot be reached, or does not let this user in
     */
    public static Database open(ServerLocation location) {
        return new Database(ServerEngine.open(location, ConnectionUse.ORDINARY), Duration.ZERO);
    }

    /**
     * The same for a database that may be away now and come later: a call tries to reach it, for ten seconds at most. When
     * that was in vain others fail at once for some seconds, so that they do not hold all the threads that call.
     */
    public static Database openLater(ServerLocation location) {
        return new Database(ServerEngine.open(location, ConnectionUse.ORDINARY_LATER), REST);
    }

    /** As {@link #openForLedger}, for a database that may be away now. */
    public static Database openLaterForLedger(ServerLocation location) {
        return new Database(ServerEngine.open(location, ConnectionUse.LEDGER_LATER), Duration.ZERO);
    }

    /**
     * The same database for the ledger's transactions alone, over a connection of its own. They come one at a time, from
     * one thread.
     *
     * @throws DatabaseException if it cannot be reached, or does not let this user in
     */
    public static Database openForLedger(ServerLocation location) {
        return new Database(ServerEngine.open(location, ConnectionUse.LEDGER), Duration.ZERO);
    }

    /**
     * The same, where the ledger's conversations are sent a stage at a time if the server is one of MySQL or MariaDB: an
     * exchange takes a handful of round trips instead of one for each statement. A server that the client for this cannot
     * log in to (it knows fewer ways than JDBC's driver) is spoken to over JDBC all the same, which is logged.
     *
     * @param vertx must outlive it
     * @throws DatabaseException if it cannot be reached, or does not let this user in
     */
    public static Database openForLedger(ServerLocation location, Vertx vertx) {
        return location.match(mysql -> openForLedger(mysql, vertx), Database::openForLedger);
    }

    private static Database openForLedger(MySqlLocation location, Vertx vertx) {
        MySqlEngine engine = MySqlEngine.open(location, ConnectionUse.LEDGER);
        PipelinedLedger pipelined =
                new PipelinedLedger(vertx, location, ConnectionUse.LEDGER, engine, MySqlEngine.writing(location));
        try {
            pipelined.connectNow();
            // what is left to JDBC is rare
            engine.writers().getHikariConfigMXBean().setMinimumIdle(0);
            return new Database(engine, Duration.ZERO, pipelined);
        } catch (DatabaseException e) {
            LOG.warn("what the ledger says is not sent at once, one statement waits for another: {}", e.getMessage());
            pipelined.close();
            return new Database(engine, Duration.ZERO);
        }
    }

    /**
     * The database file, absolute.
     *
     * @throws IllegalStateException if it is not a file
     */
    public Path file() {
        if (engine instanceof SqliteEngine sqlite) {
            return sqlite.file();
        }
        throw new IllegalStateException("not a file: " + engine.name());
    }

    /** What it is called in messages. */
    String name() {
        return engine.name();
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
        return withRetry("read from " + engine.name(), engine.readers(), false, work);
    }

    /**
     * Runs {@code work} in one transaction ({@code BEGIN IMMEDIATE} on SQLite): committed when it returns, rolled back
     * when it throws. The work may run again when others held its locks, so it must have no effect outside the database;
     * and it must let failures travel.
     *
     * @throws DatabaseException if the database fails; with {@link DatabaseException.Reason#IN_DOUBT} it may have been
     *     committed all the same
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
        return withRetry("write to " + engine.name(), engine.writers(), true, work);
    }

    /**
     * As {@link #write}, for work that can say more than one thing at once. It may have no transaction of JDBC's, so it
     * must not call {@link #read}, {@link #write} or {@link #afterCommit}.
     *
     * @throws DatabaseException as {@link #write}
     */
    <T extends @Nullable Object> T converse(Function<Conversation, T> work) {
        if (pipelined != null && current.get() == null && guards.get() == null) {
            return pipelined.converse("write to " + engine.name(), work);
        }
        return write(context -> work.apply(new StepByStep(context)));
    }

    /**
     * Runs {@code work} so that {@code guard} is the last that each transaction in it does that may write: it throws to keep
     * it from being committed, and holds what it has looked at until it is. What is open already is not asked again.
     */
    public <T extends @Nullable Object> T guarded(Consumer<DSLContext> guard, Supplier<T> work) {
        Consumer<DSLContext> outer = guards.get();
        guards.set(guard);
        try {
            return work.get();
        } finally {
            if (outer == null) {
                guards.remove();
            } else {
                guards.set(outer);
            }
        }
    }

    /**
     * Runs {@code action} once the transaction that is open on this thread is committed, and never if it is not; at once
     * when none is open. For what cannot be a part of it.
     */
    public void afterCommit(Runnable action) {
        Open open = current.get();
        if (open == null) {
            action.run();
        } else {
            open.afterwards().add(action);
        }
    }

    /** Closes all connections; repeating it does nothing. */
    @Override
    public void close() {
        if (pipelined != null) {
            pipelined.close();
        }
        engine.close();
    }

    private <T extends @Nullable Object> T withRetry(
            String doing, HikariDataSource pool, boolean writable, Function<DSLContext, T> work) {
        if (restsUntilNanos - System.nanoTime() > 0) {
            throw new DatabaseException(
                    DatabaseException.Reason.UNREACHABLE,
                    "cannot " + doing + ": it could not be reached a moment ago",
                    null);
        }
        for (int attempt = 1; ; attempt++) {
            try {
                return transaction(pool, writable, work);
            } catch (CommitInDoubtException e) {
                throw new DatabaseException(
                        DatabaseException.Reason.IN_DOUBT, "cannot tell whether it could " + doing, e);
            } catch (SQLException | DataAccessException e) {
                if (!isWorthAnotherTry(pool, attempt, e)) {
                    if (DatabaseException.reasonOf(e) == DatabaseException.Reason.UNREACHABLE) {
                        restsUntilNanos = System.nanoTime() + rest.toNanos();
                    }
                    throw pool.isClosed()
                            ? new DatabaseException(
                                    DatabaseException.Reason.CLOSED, "cannot " + doing + ": it was closed", e)
                            : DatabaseException.of(doing, e);
                }
                engine.pauseBeforeRetry(attempt);
            }
        }
    }

    /** Nothing was committed, whatever failed. A connection that was lost is seldom the only one: all are replaced. */
    private boolean isWorthAnotherTry(HikariDataSource pool, int attempt, Exception failure) {
        if (DatabaseException.reasonOf(failure) == DatabaseException.Reason.LOCKED) {
            return attempt < engine.attempts();
        }
        if (!DatabaseException.isLostConnection(failure) || pool.isClosed()) {
            return false;
        }
        pool.getHikariPoolMXBean().softEvictConnections();
        return attempt < engine.attemptsWhenLost();
    }

    private <T extends @Nullable Object> T transaction(
            HikariDataSource pool, boolean writable, Function<DSLContext, T> work) throws SQLException {
        List<Runnable> afterwards = new ArrayList<>();
        T result = transaction(pool, writable, afterwards, work);
        afterwards.forEach(Runnable::run);
        return result;
    }

    private <T extends @Nullable Object> T transaction(
            HikariDataSource pool, boolean writable, List<Runnable> afterwards, Function<DSLContext, T> work)
            throws SQLException {
        try (Connection connection = pool.getConnection()) {
            if (writable) {
                engine.beginWrite(connection);
            } else {
                engine.beginRead(connection);
            }
            boolean committed = false;
            try {
                T result = enter(new Open(context(connection), writable, afterwards), work);
                engine.commit(connection);
                committed = true;
                return result;
            } catch (CommitInDoubtException e) {
                // whatever became of it, nothing else is said on this connection
                committed = true;
                pool.evictConnection(connection);
                if (!writable && e.getCause() instanceof SQLException cause) {
                    // where nothing was written there is nothing to doubt
                    throw cause;
                }
                throw e;
            } finally {
                if (!committed) {
                    rollback(pool, connection);
                }
            }
        }
    }

    private DSLContext context(Connection connection) {
        return Dialect.withDates(DSL.using(engine.speaking(connection), engine.dialect(), SETTINGS), engine.dates());
    }

    private <T extends @Nullable Object> T enter(Open open, Function<DSLContext, T> work) {
        Consumer<DSLContext> guard = guards.get();
        current.set(open);
        try {
            T result = work.apply(open.context());
            if (guard != null && open.writable()) {
                guard.accept(open.context());
            }
            return result;
        } finally {
            current.remove();
        }
    }

    /** The failure that led here is the one worth reporting; a connection that cannot roll back is thrown away. */
    private void rollback(HikariDataSource pool, Connection connection) {
        try {
            engine.rollback(connection);
        } catch (SQLException e) {
            pool.evictConnection(connection);
        }
    }
}
