package io.newapi.server;

/** The node was asked to stop before it had started. Nothing is left of it. */
public final class StartCancelled extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StartCancelled() {
        super("the node was stopped while it was starting");
    }
}
