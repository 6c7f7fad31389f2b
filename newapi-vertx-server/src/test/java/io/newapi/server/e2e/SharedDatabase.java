package io.newapi.server.e2e;

import io.newapi.server.store.MySqlLocation;
import io.newapi.server.store.Pooling;
import io.newapi.server.store.PostgresLocation;
import io.newapi.server.store.ServerLocation;
import io.newapi.server.testing.MariaDb;
import io.newapi.server.testing.PostgreSql;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * A database of its own on a server, for nodes that share it.
 *
 * @param name its name
 * @param dsn how a node is told of it
 * @param location the same for stores
 * @param url the same for the driver
 * @param login who logs in
 */
record SharedDatabase(String name, String dsn, ServerLocation location, String url, Properties login) {

    static SharedDatabase create(MariaDb server) {
        return at(server, server.createDatabase());
    }

    /** One that is there already: another server may have taken it over. */
    static SharedDatabase at(MariaDb server, String name) {
        return new SharedDatabase(
                name,
                server.dsn(name),
                new MySqlLocation(
                        "127.0.0.1",
                        server.port(),
                        MariaDb.USER,
                        MariaDb.PASSWORD,
                        name,
                        MySqlLocation.Tls.OFF,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        ZoneOffset.UTC,
                        Map.of(),
                        Pooling.of(4)),
                "jdbc:mariadb://127.0.0.1:" + server.port() + "/" + name,
                login(MariaDb.USER, MariaDb.PASSWORD));
    }

    static SharedDatabase create(PostgreSql server) {
        String name = server.createDatabase();
        return new SharedDatabase(
                name,
                server.dsn(name),
                new PostgresLocation(
                        List.of(new PostgresLocation.Host("127.0.0.1", server.port())),
                        false,
                        PostgreSql.USER,
                        PostgreSql.PASSWORD,
                        name,
                        PostgresLocation.Tls.DISABLE,
                        Optional.empty(),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        Optional.empty(),
                        Map.of(),
                        Pooling.of(4)),
                "jdbc:postgresql://127.0.0.1:" + server.port() + "/" + name + "?sslmode=disable",
                login(PostgreSql.USER, PostgreSql.PASSWORD));
    }

    private static Properties login(String user, String password) {
        Properties login = new Properties();
        login.setProperty("user", user);
        login.setProperty("password", password);
        return login;
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url, login);
    }
}
