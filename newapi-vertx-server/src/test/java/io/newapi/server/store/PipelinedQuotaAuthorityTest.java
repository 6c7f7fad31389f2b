package io.newapi.server.store;

import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The authority as a node has it on MySQL and MariaDB: what it says is sent a stage at a time. */
class PipelinedQuotaAuthorityTest extends MySqlQuotaAuthorityTest {

    private static Vertx vertx;
    private static Database ledger;

    @BeforeAll
    static void connect() {
        vertx = Vertx.vertx();
        ledger = Database.openForLedger(location(), vertx);
    }

    @AfterAll
    static void disconnect() {
        if (ledger != null) {
            ledger.close();
        }
        if (vertx != null) {
            vertx.close();
        }
    }

    @Override
    Database ledger() {
        return ledger;
    }
}
