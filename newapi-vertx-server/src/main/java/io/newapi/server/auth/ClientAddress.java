package io.newapi.server.auth;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;

/** Finds the address of the client of a request, what address rules and rate limits are about, and how it speaks. Thread-safe. */
@FunctionalInterface
public interface ClientAddress {

    /** The client's address in text form, without a port. */
    String of(HttpServerRequest request);

    /** Whether the client speaks HTTPS, with this node or with a proxy that is believed. */
    default boolean overHttps(HttpServerRequest request) {
        return request.isSSL();
    }

    /** Believes nobody: the client is whoever opened the connection. */
    static ClientAddress ofConnection() {
        return request -> {
            SocketAddress remote = request.remoteAddress();
            String host = remote == null ? null : remote.hostAddress();
            return host == null ? "unknown" : host;
        };
    }
}
