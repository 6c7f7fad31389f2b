package io.newapi.server.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A PostgreSQL database, as {@code SQL_DSN} names it.
 *
 * @param hosts servers that are tried in this order, at least one
 * @param primaryOnly whether a server that only reads is passed over
 * @param user who logs in
 * @param password never shown; empty if none is needed
 * @param database the database's name
 * @param tls how the connection is protected
 * @param rootCertificate the file of those who may vouch for the server; empty for those whom Java trusts
 * @param connectTimeout how long to wait for a connection
 * @param schema the schema of the tables; empty for the server's choice
 * @param parameters settings of the server for every connection
 */
public record PostgresDsn(
        List<Host> hosts,
        boolean primaryOnly,
        String user,
        Optional<Secret> password,
        String database,
        Tls tls,
        Optional<String> rootCertificate,
        Duration connectTimeout,
        Optional<String> schema,
        Map<String, String> parameters)
        implements ServerDsn {

    /**
     * One server.
     *
     * @param name name or address; an IPv6 address without brackets
     * @param port 1 to 65535
     */
    public record Host(String name, int port) {}

    /** How a connection is protected, in the words of {@code sslmode}. */
    public enum Tls {
        /** Not at all. */
        DISABLE,
        /** Only if the server insists. */
        ALLOW,
        /** If the server can. */
        PREFER,
        /** Encrypted, to whoever answers. */
        REQUIRE,
        /** Encrypted, certificate checked. */
        VERIFY_CA,
        /** Encrypted, certificate and name checked. */
        VERIFY_FULL
    }

    /** Keeps its own copies. */
    public PostgresDsn {
        hosts = List.copyOf(hosts);
        parameters = Map.copyOf(parameters);
    }

    @Override
    public <T> T match(Function<MySqlDsn, T> mysql, Function<PostgresDsn, T> postgres) {
        return postgres.apply(this);
    }

    @Override
    public boolean isSameDatabase(ServerDsn other) {
        return other.match(
                mysql -> false,
                postgres -> hosts.equals(postgres.hosts)
                        && database.equals(postgres.database)
                        && schema.equals(postgres.schema));
    }
}
