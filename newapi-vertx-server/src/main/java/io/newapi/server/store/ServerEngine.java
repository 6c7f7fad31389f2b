package io.newapi.server.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What database servers have in common, whichever they are.
 *
 * <p>Transactions that write run at READ COMMITTED: whatever they decide by, they read with a lock. Transactions that
 * read see one moment (REPEATABLE READ). No answer to a COMMIT leaves the transaction in doubt.
 */
abstract class ServerEngine implements Engine {

    private static final int ATTEMPTS = 8;
    private static final int ATTEMPTS_WHEN_LOST = 4;
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final String READ_COMMITTED = "TRANSACTION_READ_COMMITTED";
    private static final String REPEATABLE_READ = "TRANSACTION_REPEATABLE_READ";

    private final ServerLocation location;
    private final ConnectionUse use;
    private final HikariDataSource writers;
    private final HikariDataSource readers;

    ServerEngine(ServerLocation location, ConnectionUse use, Pools pools) {
        this.location = location;
        this.use = use;
        this.writers = pools.writers();
        this.readers = pools.readers();
    }

    /** The engine for a location. */
    static Engine open(ServerLocation location, ConnectionUse use) {
        return location.match(mysql -> MySqlEngine.open(mysql, use), postgres -> PostgresEngine.open(postgres, use));
    }

    /** Says to a pool where the server is and how to speak to it. */
    interface Server {
        void describe(HikariConfig pool);
    }

    /** Connections that write and those that only read; one for both is the ledger's. */
    record Pools(HikariDataSource writers, HikariDataSource readers) {

        static Pools open(ServerLocation location, ConnectionUse use, Server server) {
            if (use.isLedger()) {
                HikariDataSource one = pool(location, "newapi-ledger", 1, READ_COMMITTED, use, server);
                return new Pools(one, one);
            }
            // one connection is the ledger's
            int connections = location.pooling().maxConnections() - 1;
            int forWriting = Math.max(1, connections / 3);
            HikariDataSource writers = pool(location, "newapi-writer", forWriting, READ_COMMITTED, use, server);
            try {
                return new Pools(
                        writers,
                        pool(location, "newapi-reader", connections - forWriting, REPEATABLE_READ, use, server));
            } catch (RuntimeException e) {
                writers.close();
                throw e;
            }
        }

        private static HikariDataSource pool(
                ServerLocation location, String name, int size, String isolation, ConnectionUse use, Server server) {
            HikariConfig pool = new HikariConfig();
            pool.setPoolName(name);
            pool.setMaximumPoolSize(size);
            pool.setMinimumIdle(1);
            pool.setAutoCommit(false);
            pool.setTransactionIsolation(isolation);
            Duration lifetime = location.pooling().maxLifetime();
            pool.setMaxLifetime(lifetime.toMillis());
            if (size > 1 && !lifetime.isZero()) {
                pool.setIdleTimeout(lifetime.dividedBy(2).toMillis());
            }
            pool.setKeepaliveTime(0);
            pool.setConnectionTimeout(use.patience().toMillis());
            if (!use.isAtOnce()) {
                pool.setInitializationFailTimeout(-1);
            }
            server.describe(pool);
            try {
                return new HikariDataSource(pool);
            } catch (HikariPool.PoolInitializationException e) {
                throw DatabaseException.of("connect to the database " + location, e);
            }
        }
    }

    @Override
    public final String name() {
        return location.toString();
    }

    @Override
    public final HikariDataSource writers() {
        return writers;
    }

    @Override
    public final HikariDataSource readers() {
        return readers;
    }

    /** Nothing to send: with autocommit off the first statement begins one. */
    @Override
    public final void beginWrite(Connection connection) {}

    @Override
    public final void beginRead(Connection connection) {}

    @Override
    public final void rollback(Connection connection) throws SQLException {
        connection.rollback();
    }

    @Override
    public final int attempts() {
        return ATTEMPTS;
    }

    /** The ledger looks up what is booked before it tries again, whatever has failed. */
    @Override
    public final int attemptsWhenLost() {
        return use.isLedger() ? 1 : ATTEMPTS_WHEN_LOST;
    }

    @Override
    public final void pauseBeforeRetry(int attempt) {
        long longest = FIRST_PAUSE_NANOS << Math.min(attempt, 6);
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(longest) + 1);
    }

    /** For a commit that was not confirmed. */
    final CommitInDoubtException inDoubt(SQLException e) {
        return new CommitInDoubtException("the commit on " + location + " was not confirmed: " + e.getMessage(), e);
    }
}
