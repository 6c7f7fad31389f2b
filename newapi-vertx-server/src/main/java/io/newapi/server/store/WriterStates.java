package io.newapi.server.store;

import io.newapi.core.quota.QuotaAuthority.WriterState;

/** The stored codes of a writer's state; they only grow. */
final class WriterStates {

    private WriterStates() {}

    static int code(WriterState state) {
        return switch (state) {
            case OPEN -> 0;
            case CLOSING -> 1;
            case CLOSED -> 2;
            case MISSING -> throw new IllegalArgumentException("a writer that is missing has no stored state");
        };
    }

    static WriterState fromCode(int code) {
        return switch (code) {
            case 0 -> WriterState.OPEN;
            case 1 -> WriterState.CLOSING;
            case 2 -> WriterState.CLOSED;
            default -> throw new IllegalArgumentException("unknown state of a ledger writer: " + code);
        };
    }
}
