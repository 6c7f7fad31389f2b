package io.newapi.server.store;

import io.newapi.server.testing.PostgreSql;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresLostConnectionTest extends LostConnectionSuite {

    private static PostgreSql server;
    private static String name;

    @BeforeAll
    static void start() {
        server = PostgreSql.ownOrLeaveOut("connections to PostgreSQL that are lost");
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
        return PostgresTestDatabase.location(port, name);
    }

    @Override
    void killConnections() {
        server.execute("select pg_terminate_backend(pid, 10000) from pg_stat_activity where usename = '"
                + PostgreSql.USER + "'");
    }

    @Override
    String idleLimit() {
        return "show idle_in_transaction_session_timeout";
    }

    @Override
    void restart() {
        server.kill();
        server.startAgain();
    }

    @Override
    void letNewConnectionsWrite(boolean allowed) {
        server.execute(
                "alter database \"" + name + "\" set default_transaction_read_only = " + (allowed ? "off" : "on"));
    }
}
