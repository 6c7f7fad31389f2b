package io.newapi.server.relay;

import java.io.Serial;

/** A channel cannot serve a call, because of how it is configured; another may. Carries no stack trace of its own. */
final class ChannelFault extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    private final String code;
    private final String told;

    /**
     * A fault.
     *
     * @param code what clients see as the error's code; begins with {@code channel:}
     * @param told what clients are told
     * @param reason what the log is told
     */
    ChannelFault(String code, String told, Throwable reason) {
        this(code, told, reason.toString());
    }

    /** The same, where no exception says why. */
    ChannelFault(String code, String told, String reason) {
        super(reason, null, false, false);
        this.code = code;
        this.told = told;
    }

    String code() {
        return code;
    }

    String told() {
        return told;
    }
}
