package io.newapi.server.store;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which PostgreSQL database to use, and how to reach it.
 *
 * @param hosts servers that are tried in this order, at least one
 * @param primaryOnly whether a server that only reads is passed over
 * @param user who logs in
 * @param password may be empty; never shown
 * @param database the database's name
 * @param tls whether the connection is encrypted, and whom it trusts
 * @param rootCertificate the file of those who may vouch for the server; empty for those whom Java trusts
 * @param connectTimeout how long to wait for a connection
 * @param readTimeout how long to wait for an answer; zero waits for ever
 * @param schema the schema of the tables; empty for the server's choice
 * @param parameters settings of the server for every connection
 * @param pooling how many connections there may be
 */
public record PostgresLocation(
        List<Host> hosts,
        boolean primaryOnly,
        String user,
        String password,
        String database,
        Tls tls,
        Optional<String> rootCertificate,
        Duration connectTimeout,
        Duration readTimeout,
        Optional<String> schema,
        Map<String, String> parameters,
        Pooling pooling)
        implements ServerLocation {

    /**
     * One server.
     *
     * @param name name or address; an IPv6 address without brackets
     * @param port 1 to 65535
     */
    public record Host(String name, int port) {
        /** @throws IllegalArgumentException if there is no such port */
        public Host {
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("no port: " + port);
            }
        }

        /** As it stands in an address. */
        @Override
        public String toString() {
            return (name.contains(":") ? "[" + name + "]" : name) + ":" + port;
        }
    }

    /** How a connection is protected, weakest first; each the server's own word for it. */
    public enum Tls {
        /** Not at all. */
        DISABLE,
        /** Only if the server insists. */
        ALLOW,
        /** If the server can. */
        PREFER,
        /** Encrypted, but the server may be anybody. */
        REQUIRE,
        /** Encrypted; the server's certificate is checked, its name is not. */
        VERIFY_CA,
        /** Encrypted; the server's certificate and name are checked. */
        VERIFY_FULL
    }

    /** @throws IllegalArgumentException if no host is named */
    public PostgresLocation {
        hosts = List.copyOf(hosts);
        parameters = Map.copyOf(parameters);
        if (hosts.isEmpty()) {
            throw new IllegalArgumentException("no host");
        }
    }

    @Override
    public <T> T match(Function<MySqlLocation, T> mysql, Function<PostgresLocation, T> postgres) {
        return postgres.apply(this);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return database + " on "
                + String.join(",", hosts.stream().map(Host::toString).toList());
    }
}
