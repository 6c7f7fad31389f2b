package io.newapi.server.store;

import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.function.Function;

/**
 * Which MySQL or MariaDB database to use, and how to reach it.
 *
 * @param host name or address; an IPv6 address without brackets
 * @param port 1 to 65535
 * @param user may be empty
 * @param password may be empty; never shown
 * @param database the schema's name
 * @param tls whether the connection is encrypted, and whom it trusts
 * @param connectTimeout how long to wait for a connection
 * @param readTimeout how long to wait for an answer; zero waits for ever
 * @param zone the zone of what {@code datetime} columns hold
 * @param sessionVariables server variables that are set on every connection
 * @param pooling how many connections there may be
 */
public record MySqlLocation(
        String host,
        int port,
        String user,
        String password,
        String database,
        Tls tls,
        Duration connectTimeout,
        Duration readTimeout,
        ZoneId zone,
        Map<String, String> sessionVariables,
        Pooling pooling)
        implements ServerLocation {

    /** How a connection is protected. */
    public enum Tls {
        /** Not at all. */
        OFF,
        /** Encrypted; the server's certificate and name are checked. */
        VERIFIED,
        /** Encrypted, but the server may be anybody. */
        UNVERIFIED
    }

    /** @throws IllegalArgumentException if there is no such port */
    public MySqlLocation {
        sessionVariables = Map.copyOf(sessionVariables);
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("no port: " + port);
        }
    }

    @Override
    public <T> T match(Function<MySqlLocation, T> mysql, Function<PostgresLocation, T> postgres) {
        return mysql.apply(this);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return database + " on " + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
