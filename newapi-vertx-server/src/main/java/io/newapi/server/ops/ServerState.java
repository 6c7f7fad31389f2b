package io.newapi.server.ops;

/** Where a node is in its one life; the states follow each other in this order. */
public enum ServerState {
    /** Built, not started. */
    NEW,
    /** Opening what it needs; answers nothing but health checks. */
    STARTING,
    /** Ready: takes calls. */
    SERVING,
    /** Asked to stop: refuses new calls, lets the others end. */
    DRAINING,
    /** Everything is closed. */
    STOPPED;

    /** Whether new calls are taken, which is also what readiness checks ask. */
    public boolean isReady() {
        return this == SERVING;
    }
}
