package io.newapi.server.store;

import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** What does not fit is left out among statements that are sent all at once, too. */
class PipelinedNarrowColumnsTest extends MySqlNarrowColumnsTest {

    private static Vertx vertx;
    private static Database ledger;

    @BeforeAll
    static void connect() {
        vertx = Vertx.vertx();
        ledger = Database.openForLedger(clamping(location()), vertx);
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
