package io.newapi.server.store;

import java.time.Duration;
import java.util.Map;

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
 * @param sessionVariables server variables that are set on every connection
 * @param maxConnections connections of all kinds together, at least 4
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
        Map<String, String> sessionVariables,
        int maxConnections) {

    /** How a connection is protected. */
    public enum Tls {
        /** Not at all. */
        OFF,
        /** Encrypted; the server's certificate and name are checked. */
        VERIFIED,
        /** Encrypted, but the server may be anybody. */
        UNVERIFIED
    }

    private static final int LEAST_CONNECTIONS = 4;

    /** @throws IllegalArgumentException if a number is out of its range */
    public MySqlLocation {
        sessionVariables = Map.copyOf(sessionVariables);
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("no port: " + port);
        }
        if (maxConnections < LEAST_CONNECTIONS) {
            throw new IllegalArgumentException("at least " + LEAST_CONNECTIONS + " connections: " + maxConnections);
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return database + " on " + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
