package io.newapi.server.store;

import io.newapi.server.testing.MariaDb;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class MySqlLostConnectionTest extends LostConnectionSuite {

    private static MariaDb server;
    private static String name;

    @BeforeAll
    static void start() {
        server = MariaDb.ownOrLeaveOut("connections to MySQL and MariaDB that are lost");
        name = server.createDatabase();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.kill();
        }
    }

    @Override
    int port() {
        return server.port();
    }

    @Override
    ServerLocation location(int port) {
        return TestDatabase.location(port, name);
    }

    @Override
    void killConnections() {
        server.execute("kill user " + MariaDb.USER);
    }

    @Override
    String idleLimit() {
        return "select @@idle_transaction_timeout";
    }

    @Override
    void restart() {
        server.kill();
        server.startAgain();
    }

    @Override
    void letNewConnectionsWrite(boolean allowed) {
        server.execute("set global tx_read_only = " + (allowed ? 0 : 1));
    }
}
