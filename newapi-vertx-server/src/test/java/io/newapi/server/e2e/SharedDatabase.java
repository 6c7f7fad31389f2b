package io.newapi.server.e2e;

import io.newapi.server.store.MySqlLocation;
import io.newapi.server.testing.MariaDb;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;

/**
 * A database of a server that several nodes share.
 *
 * @param server where it is
 * @param name its name
 */
record SharedDatabase(MariaDb server, String name) {

    static SharedDatabase create(MariaDb server) {
        return new SharedDatabase(server, server.createDatabase());
    }

    /** How a node is told of it. */
    String dsn() {
        return server.dsn(name);
    }

    MySqlLocation location() {
        return new MySqlLocation(
                "127.0.0.1",
                server.port(),
                MariaDb.USER,
                MariaDb.PASSWORD,
                name,
                MySqlLocation.Tls.OFF,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Map.of(),
                4);
    }

    Connection connect() throws SQLException {
        Properties login = new Properties();
        login.setProperty("user", MariaDb.USER);
        login.setProperty("password", MariaDb.PASSWORD);
        return DriverManager.getConnection("jdbc:mariadb://127.0.0.1:" + server.port() + "/" + name, login);
    }
}
