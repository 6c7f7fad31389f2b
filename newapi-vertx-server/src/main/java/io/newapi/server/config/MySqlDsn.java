package io.newapi.server.config;

import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A MySQL or MariaDB database, as {@code SQL_DSN} names it.
 *
 * @param host name or address, an IPv6 address without brackets
 * @param port 1 to 65535
 * @param user may be empty
 * @param password never shown; empty if none is needed
 * @param database the schema's name
 * @param tls how the connection is protected
 * @param connectTimeout how long to wait for a connection
 * @param readTimeout how long to wait for an answer; zero waits for ever
 * @param zone the zone of what {@code datetime} columns hold
 * @param sessionVariables server variables that are set on every connection
 */
public record MySqlDsn(
        String host,
        int port,
        String user,
        Optional<Secret> password,
        String database,
        Tls tls,
        Duration connectTimeout,
        Duration readTimeout,
        ZoneId zone,
        Map<String, String> sessionVariables)
        implements ServerDsn {

    /** How a connection is protected. */
    public enum Tls {
        /** Not at all. */
        OFF,
        /** Encrypted, certificate and name checked. */
        VERIFIED,
        /** Encrypted, to whoever answers. */
        UNVERIFIED
    }

    /** Keeps its own copy of the variables. */
    public MySqlDsn {
        sessionVariables = Map.copyOf(sessionVariables);
    }

    @Override
    public <T> T match(Function<MySqlDsn, T> mysql, Function<PostgresDsn, T> postgres) {
        return mysql.apply(this);
    }

    @Override
    public boolean isSameDatabase(ServerDsn other) {
        return other.match(
                mysql -> host.equalsIgnoreCase(mysql.host) && port == mysql.port && database.equals(mysql.database),
                postgres -> false);
    }
}
