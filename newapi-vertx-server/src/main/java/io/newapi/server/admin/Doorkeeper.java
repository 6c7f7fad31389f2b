package io.newapi.server.admin;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

/**
 * Whom the administration lets in while the node stops, and who is still inside. First nothing may be changed any more, then
 * nobody comes in at all. Thread-safe.
 */
public final class Doorkeeper {

    private final Promise<Void> empty = Promise.promise();
    private int inside;
    private boolean readsOnly;
    private boolean closed;

    /** Lets nobody in any more who wants to change something. Those inside end what they do. */
    public synchronized void refuseChanges() {
        readsOnly = true;
    }

    /** Lets nobody in; the future ends when the last one has gone. */
    public synchronized Future<Void> close() {
        closed = true;
        if (inside == 0) {
            empty.tryComplete();
        }
        return empty.future();
    }

    /** Whether the request may come in; then it is counted until it {@link #leave}s. */
    synchronized boolean enter(HttpServerRequest request) {
        HttpMethod method = request.method();
        boolean reads = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        if (closed || (readsOnly && !reads)) {
            return false;
        }
        inside++;
        return true;
    }

    synchronized void leave() {
        inside--;
        if (closed && inside == 0) {
            empty.tryComplete();
        }
    }
}
