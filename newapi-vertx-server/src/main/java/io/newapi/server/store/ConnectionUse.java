package io.newapi.server.store;

import java.time.Duration;

/** What connections to a server are for, and what follows from it. */
enum ConnectionUse {
    ORDINARY(Duration.ofSeconds(30), false, true),
    /** The ledger's own: nobody may hold its locks for long, and nobody waits for it for long. */
    LEDGER(Duration.ofSeconds(10), true, true),
    /** As ordinary, of a server that may be away. */
    ORDINARY_LATER(Duration.ofSeconds(10), false, false),
    LEDGER_LATER(Duration.ofSeconds(10), true, false);

    private final Duration patience;
    private final boolean ledger;
    private final boolean atOnce;

    ConnectionUse(Duration patience, boolean ledger, boolean atOnce) {
        this.patience = patience;
        this.ledger = ledger;
        this.atOnce = atOnce;
    }

    /** How long a connection is waited for. */
    Duration patience() {
        return patience;
    }

    boolean isLedger() {
        return ledger;
    }

    /** Whether the server must be there when the pool is opened. */
    boolean isAtOnce() {
        return atOnce;
    }

    /** As long as the setting, but not longer than the ledger may wait. */
    Duration connectTimeout(Duration set) {
        return ledger && set.compareTo(patience) > 0 ? patience : set;
    }

    /** How long an answer is waited for. */
    Duration readTimeout(Duration set) {
        return ledger ? patience : set;
    }
}
