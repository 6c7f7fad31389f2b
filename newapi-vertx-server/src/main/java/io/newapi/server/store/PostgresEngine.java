package io.newapi.server.store;

import com.zaxxer.hikari.HikariConfig;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jooq.SQLDialect;

/**
 * A PostgreSQL database, reached over JDBC.
 *
 * <p>A transaction in which a statement failed can only be rolled back; {@link Misfits} knows. An error that answers a
 * COMMIT says that nothing was committed, where the server names a conflict; every other one, and no answer, leaves the
 * transaction in doubt.
 *
 * <p>A vanished node cannot hold its locks for longer than 10 seconds. The ledger has a connection of its own, on which it is
 * 3, and no statement waits for a lock longer than 5: nobody waits in vain for a node that has vanished.
 */
final class PostgresEngine extends ServerEngine {

    /** Commits that are confirmed before they are on disk would be lost with the server, and charges with them. */
    private static final String DURABLE = "select set_config('synchronous_commit', 'on', false)"
            + " where current_setting('synchronous_commit') = 'off'";

    /** Who stands still inside a transaction must not hold up a new master, or anybody else, for long. */
    private static final String UNLESS_IDLE = "; set idle_in_transaction_session_timeout = ";

    private static final String ORDINARY_SESSION = "set lock_timeout = '10s'" + UNLESS_IDLE + "'10s'";
    private static final String LEDGER_SESSION = "set lock_timeout = '5s'" + UNLESS_IDLE + "'3s'";

    private PostgresEngine(PostgresLocation location, ConnectionUse use, Pools pools) {
        super(location, use, pools);
    }

    static PostgresEngine open(PostgresLocation location, ConnectionUse use) {
        return new PostgresEngine(location, use, Pools.open(location, use, pool -> describe(pool, location, use)));
    }

    @Override
    public SQLDialect dialect() {
        return SQLDialect.POSTGRES;
    }

    /** A {@code timestamptz} is a moment, whatever the zone of its text. */
    @Override
    public DateText dates() {
        return DateText.withZone();
    }

    @Override
    public Connection speaking(Connection connection) {
        return new WithoutNul(connection);
    }

    @Override
    public void commit(Connection connection) throws SQLException {
        try {
            connection.commit();
        } catch (SQLException e) {
            if (isRefused(e)) {
                throw e;
            }
            throw inDoubt(e);
        }
    }

    /** Conflicts (40001, 40P01), constraints that are checked last (23), a transaction that had failed before (25P02). */
    private static boolean isRefused(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.equals("40001") || state.equals("40P01") || state.startsWith("23") || state.equals("25P02");
    }

    private static void describe(HikariConfig pool, PostgresLocation location, ConnectionUse use) {
        String hosts =
                location.hosts().stream().map(PostgresLocation.Host::toString).collect(Collectors.joining(","));
        pool.setJdbcUrl("jdbc:postgresql://" + hosts + "/" + encoded(location.database()));
        pool.setUsername(location.user());
        pool.setPassword(location.password());
        pool.setConnectionInitSql(session(location, use));
        // without this what the session is told would be undone with its first transaction
        pool.setIsolateInternalQueries(true);
        properties(location, use).forEach(pool::addDataSourceProperty);
    }

    private static String session(PostgresLocation location, ConnectionUse use) {
        StringBuilder session = new StringBuilder("set time zone 'UTC'; ");
        new TreeMap<>(location.parameters())
                .forEach((name, value) -> session.append("set ")
                        .append(name)
                        .append(" = '")
                        .append(value.replace("'", "''"))
                        .append("'; "));
        return session.append(use.isLedger() ? LEDGER_SESSION : ORDINARY_SESSION)
                .append("; ")
                .append(DURABLE)
                .toString();
    }

    /** Names and meanings: the driver's documentation, "initializing the driver", connection parameters. */
    private static Map<String, String> properties(PostgresLocation location, ConnectionUse use) {
        Map<String, String> properties = new TreeMap<>(Map.of(
                "connectTimeout",
                Long.toString(use.connectTimeout(location.connectTimeout()).toSeconds()),
                "socketTimeout",
                Long.toString(use.readTimeout(location.readTimeout()).toSeconds()),
                "tcpKeepAlive",
                "true",
                "ApplicationName",
                "newapi",
                // the server finds out what a text is for: a time, a JSON document, a padded key
                "stringtype",
                "unspecified",
                // one statement for many rows
                "reWriteBatchedInserts",
                "true",
                "targetServerType",
                location.primaryOnly() ? "primary" : "any",
                "sslmode",
                location.tls().name().toLowerCase(Locale.ROOT).replace('_', '-')));
        location.schema().ifPresent(schema -> properties.put("currentSchema", schema));
        boolean verified = location.tls().compareTo(PostgresLocation.Tls.VERIFY_CA) >= 0;
        location.rootCertificate()
                .ifPresentOrElse(
                        file -> properties.put("sslrootcert", file),
                        () -> properties.putAll(
                                verified
                                        ? Map.of("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory")
                                        : Map.of()));
        return properties;
    }

    private static String encoded(String database) {
        return URLEncoder.encode(database, StandardCharsets.UTF_8);
    }
}
