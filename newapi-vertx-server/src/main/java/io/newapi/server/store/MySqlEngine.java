package io.newapi.server.store;

import com.zaxxer.hikari.HikariConfig;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;

/**
 * A MySQL or MariaDB database, reached over JDBC. Writing at READ COMMITTED keeps gap locks of nodes out of each other's
 * way. An error that answers a COMMIT leaves the transaction in doubt like no answer.
 *
 * <p>The ledger has a connection of its own, on which no statement waits for a lock longer than 5 seconds, and a vanished node
 * cannot hold its locks for longer than 3 on MariaDB, so that nobody waits for them in vain, and 20 on MySQL. On other
 * connections it is 10 seconds on MariaDB, and on MySQL until the server notices.
 */
final class MySqlEngine extends ServerEngine {

    /** A value that does not fit is an error: without this the server would store another one. */
    private static final String STRICT = "sql_mode=concat_ws(',', nullif(@@sql_mode, ''), 'STRICT_ALL_TABLES')";

    /** How long the server waits for the ledger's next statement. */
    static final int LEDGER_IDLE_SECONDS = 20;

    /** What MySQL does not know stands in a comment that only MariaDB executes. */
    private static final String LEDGER_SESSION = "set session " + STRICT
            + ", innodb_lock_wait_timeout=5, lock_wait_timeout=5,"
            + " wait_timeout=" + LEDGER_IDLE_SECONDS + " /*M!100200 , idle_transaction_timeout=3 */";

    private static final String ORDINARY_SESSION = "set session " + STRICT
            + ", innodb_lock_wait_timeout=10, lock_wait_timeout=10" + " /*M!100200 , idle_transaction_timeout=10 */";

    private final ZoneId zone;

    private MySqlEngine(MySqlLocation location, ConnectionUse use, Pools pools) {
        super(location, use, pools);
        this.zone = location.zone();
    }

    static MySqlEngine open(MySqlLocation location, ConnectionUse use) {
        return new MySqlEngine(location, use, Pools.open(location, use, pool -> describe(pool, location, use)));
    }

    @Override
    public SQLDialect dialect() {
        return SQLDialect.MYSQL;
    }

    /** A {@code datetime} knows no zone: the original keeps the time in UTC, or in the zone that it was told. */
    @Override
    public DateText dates() {
        return DateText.withoutZone(zone);
    }

    @Override
    public void commit(Connection connection) {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw inDoubt(e);
        }
    }

    /**
     * What statements are written in that JDBC does not execute. A list of every length would be a statement of its own for
     * the server to keep.
     */
    static DSLContext writing(MySqlLocation location) {
        Settings settings = new Settings()
                .withExecuteLogging(false)
                .withRenderSchema(false)
                .withFetchWarnings(false)
                .withInListPadding(true);
        return Dialect.withDates(DSL.using(SQLDialect.MYSQL, settings), DateText.withoutZone(location.zone()));
    }

    /**
     * What a connection of another client than JDBC's begins with, so that nobody can tell the two apart. The ledger's
     * has no transaction that a statement ends by itself.
     */
    static List<String> greetings(MySqlLocation location, ConnectionUse use) {
        return use.isLedger()
                ? List.of(
                        "set " + sessionVariables(location),
                        "set session transaction isolation level read committed",
                        LEDGER_SESSION + ", autocommit=0")
                : List.of("set " + sessionVariables(location), ORDINARY_SESSION + ", autocommit=1");
    }

    private static String sessionVariables(MySqlLocation location) {
        String session = location.sessionVariables().entrySet().stream()
                .map(variable -> variable.getKey() + "=" + variable.getValue())
                .collect(Collectors.joining(","));
        return session.isEmpty() ? "sql_safe_updates=0" : session;
    }

    private static void describe(HikariConfig pool, MySqlLocation location, ConnectionUse use) {
        pool.setJdbcUrl("jdbc:mariadb://" + bracketed(location.host()) + ":" + location.port() + "/");
        pool.setCatalog(location.database());
        pool.setUsername(location.user());
        pool.setPassword(location.password());
        pool.setConnectionInitSql(use.isLedger() ? LEDGER_SESSION : ORDINARY_SESSION);
        properties(location, use).forEach(pool::addDataSourceProperty);
    }

    /** Names and meanings: the driver's documentation, "about MariaDB Connector/J", connection parameters. */
    private static Map<String, String> properties(MySqlLocation location, ConnectionUse use) {
        return Map.of(
                "connectTimeout",
                Long.toString(use.connectTimeout(location.connectTimeout()).toMillis()),
                "socketTimeout",
                Long.toString(use.readTimeout(location.readTimeout()).toMillis()),
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
                sessionVariables(location));
    }

    private static String bracketed(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }
}
