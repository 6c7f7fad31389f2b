package io.newapi.server.store;

/** What a log row is about. */
public enum LogType {
    /** Unknown. */
    UNKNOWN(0),
    /** Quota was added. */
    TOP_UP(1),
    /** A call was charged. */
    CONSUME(2),
    /** An administrator did something. */
    MANAGE(3),
    /** The gateway did something. */
    SYSTEM(4),
    /** A call failed. */
    ERROR(5),
    /** A charge was given back. */
    REFUND(6);

    private final int code;

    LogType(int code) {
        this.code = code;
    }

    /** The stored code. */
    public int code() {
        return code;
    }
}
