package io.newapi.server.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jooq.SQLDialect;

/**
 * A MySQL or MariaDB database, reached over JDBC.
 *
 * <p>Transactions that write run at READ COMMITTED: whatever they decide by, they read with a lock, and gap locks of
 * nodes would be in each other's way. Transactions that read see one moment (REPEATABLE READ). An error that answers a
 * COMMIT, or no answer, leaves the transaction in doubt.
 *
 * <p>The ledger has a connection of its own, on which a vanished node cannot hold its locks for longer than 20 seconds
 * (10 on MariaDB), and no statement waits for a lock longer than 5.
 */
final class MySqlEngine implements Engine {

    private static final int ATTEMPTS = 8;
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final Duration MAX_LIFETIME = Duration.ofSeconds(60);
    private static final Duration LEDGER_TIMEOUT = Duration.ofSeconds(10);

    /** Below every server's default, and below what proxies cut. */
    private static final Duration WAIT_FOR_CONNECTION = Duration.ofSeconds(30);

    private static final String READ_COMMITTED = "TRANSACTION_READ_COMMITTED";
    private static final String REPEATABLE_READ = "TRANSACTION_REPEATABLE_READ";

    /** A value that does not fit is an error: without this the server would store another one. */
    private static final String STRICT = "sql_mode=concat_ws(',', nullif(@@sql_mode, ''), 'STRICT_ALL_TABLES')";

    /** What MySQL does not know stands in a comment that only MariaDB executes. */
    private static final String LEDGER_SESSION = "set session " + STRICT
            + ", innodb_lock_wait_timeout=5, lock_wait_timeout=5,"
            + " wait_timeout=20 /*M!100200 , idle_transaction_timeout=10 */";

    private static final String ORDINARY_SESSION =
            "set session " + STRICT + ", innodb_lock_wait_timeout=10, lock_wait_timeout=10";

    private final MySqlLocation location;
    private final HikariDataSource writers;
    private final HikariDataSource readers;

    private MySqlEngine(MySqlLocation location, HikariDataSource writers, HikariDataSource readers) {
        this.location = location;
        this.writers = writers;
        this.readers = readers;
    }

    /** What connections are for, and what follows from it. */
    private enum Use {
        ORDINARY(ORDINARY_SESSION, WAIT_FOR_CONNECTION, true),
        LEDGER(LEDGER_SESSION, LEDGER_TIMEOUT, true),
        /** As ordinary, of a server that may be away: nobody waits for it for long. */
        ORDINARY_LATER(ORDINARY_SESSION, LEDGER_TIMEOUT, false),
        LEDGER_LATER(LEDGER_SESSION, LEDGER_TIMEOUT, false);

        private final String session;
        private final Duration patience;
        private final boolean atOnce;

        Use(String session, Duration patience, boolean atOnce) {
            this.session = session;
            this.patience = patience;
            this.atOnce = atOnce;
        }

        private boolean isLedger() {
            return session.equals(LEDGER_SESSION);
        }
    }

    /** Connections for everything but the ledger. */
    static MySqlEngine open(MySqlLocation location) {
        return open(location, Use.ORDINARY);
    }

    /** The same, to a server that may be away now. */
    static MySqlEngine openLater(MySqlLocation location) {
        return open(location, Use.ORDINARY_LATER);
    }

    private static MySqlEngine open(MySqlLocation location, Use use) {
        // one connection is the ledger's
        int connections = location.maxConnections() - 1;
        int forWriting = Math.max(1, connections / 3);
        HikariDataSource writers = pool(location, "newapi-writer", forWriting, READ_COMMITTED, use);
        try {
            return new MySqlEngine(
                    location, writers, pool(location, "newapi-reader", connections - forWriting, REPEATABLE_READ, use));
        } catch (RuntimeException e) {
            writers.close();
            throw e;
        }
    }

    /** The one connection of the ledger. */
    static MySqlEngine openForLedger(MySqlLocation location) {
        return openForLedger(location, Use.LEDGER);
    }

    /** The same, to a server that may be away now. */
    static MySqlEngine openLaterForLedger(MySqlLocation location) {
        return openForLedger(location, Use.LEDGER_LATER);
    }

    private static MySqlEngine openForLedger(MySqlLocation location, Use use) {
        HikariDataSource one = pool(location, "newapi-ledger", 1, READ_COMMITTED, use);
        return new MySqlEngine(location, one, one);
    }

    @Override
    public SQLDialect dialect() {
        return SQLDialect.MYSQL;
    }

    @Override
    public String name() {
        return location.toString();
    }

    @Override
    public HikariDataSource writers() {
        return writers;
    }

    @Override
    public HikariDataSource readers() {
        return readers;
    }

    /** Nothing to send: with autocommit off the first statement begins one. */
    @Override
    public void beginWrite(Connection connection) {}

    @Override
    public void beginRead(Connection connection) {}

    @Override
    public void commit(Connection connection) {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw new CommitInDoubtException("the commit on " + location + " was not confirmed: " + e.getMessage(), e);
        }
    }

    @Override
    public void rollback(Connection connection) throws SQLException {
        connection.rollback();
    }

    @Override
    public int attempts() {
        return ATTEMPTS;
    }

    @Override
    public void pauseBeforeRetry(int attempt) {
        long longest = FIRST_PAUSE_NANOS << Math.min(attempt, 6);
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(longest) + 1);
    }

    private static HikariDataSource pool(MySqlLocation location, String name, int size, String isolation, Use use) {
        HikariConfig pool = new HikariConfig();
        pool.setPoolName(name);
        pool.setJdbcUrl("jdbc:mariadb://" + bracketed(location.host()) + ":" + location.port() + "/");
        pool.setCatalog(location.database());
        pool.setUsername(location.user());
        pool.setPassword(location.password());
        pool.setMaximumPoolSize(size);
        pool.setMinimumIdle(1);
        pool.setAutoCommit(false);
        pool.setTransactionIsolation(isolation);
        pool.setConnectionInitSql(use.session);
        pool.setMaxLifetime(MAX_LIFETIME.toMillis());
        if (size > 1) {
            pool.setIdleTimeout(MAX_LIFETIME.dividedBy(2).toMillis());
        }
        pool.setKeepaliveTime(0);
        pool.setConnectionTimeout(use.patience.toMillis());
        if (!use.atOnce) {
            pool.setInitializationFailTimeout(-1);
        }
        properties(location, use.isLedger()).forEach(pool::addDataSourceProperty);
        try {
            return new HikariDataSource(pool);
        } catch (HikariPool.PoolInitializationException e) {
            throw DatabaseException.of("connect to the database " + location, e);
        }
    }

    /** Names and meanings: the driver's documentation, "about MariaDB Connector/J", connection parameters. */
    private static Map<String, String> properties(MySqlLocation location, boolean forLedger) {
        Duration connect = forLedger && location.connectTimeout().compareTo(LEDGER_TIMEOUT) > 0
                ? LEDGER_TIMEOUT
                : location.connectTimeout();
        Duration read = forLedger ? LEDGER_TIMEOUT : location.readTimeout();
        String session = location.sessionVariables().entrySet().stream()
                .map(variable -> variable.getKey() + "=" + variable.getValue())
                .collect(Collectors.joining(","));
        return Map.of(
                "connectTimeout",
                Long.toString(connect.toMillis()),
                "socketTimeout",
                Long.toString(read.toMillis()),
                "tcpKeepAlive",
                "true",
                "useBulkStmts",
                "true",
                // the driver must never repeat anything by itself
                "transactionReplay",
                "false",
                // what Go's driver does too: the password is sent encrypted with a key that the server names
                "allowPublicKeyRetrieval",
                "true",
                "sslMode",
                switch (location.tls()) {
                    case OFF -> "disable";
                    case VERIFIED -> "verify-full";
                    case UNVERIFIED -> "trust";
                },
                "sessionVariables",
                session.isEmpty() ? "sql_safe_updates=0" : session);
    }

    private static String bracketed(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }
}
