package io.newapi.server.admin;

import java.util.Arrays;
import java.util.List;

/**
 * Ends a handler with a failure answer: a mistake in the request that sequential code cannot go on from. It also rolls back a
 * transaction that it leaves. It is rendered in one place, has no stack trace and is never logged as an error.
 */
final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Message reason;
    private final transient List<Object> arguments;
    private final int status;

    private Refused(int status, Message reason, List<Object> arguments) {
        super(reason.code(), null, false, false);
        this.status = status;
        this.reason = reason;
        this.arguments = arguments;
    }

    /** A failure with HTTP status 200, as the reference answers nearly every mistake. */
    static Refused because(Message reason, Object... arguments) {
        return new Refused(200, reason, Arrays.asList(arguments));
    }

    /** A failure with an HTTP status of its own. */
    static Refused with(int status, Message reason, Object... arguments) {
        return new Refused(status, reason, Arrays.asList(arguments));
    }

    /** The same failure with another HTTP status. */
    Refused withStatus(int other) {
        return new Refused(other, reason, arguments);
    }

    int status() {
        return status;
    }

    Message reason() {
        return reason;
    }

    List<Object> arguments() {
        return arguments;
    }
}
