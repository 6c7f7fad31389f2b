package io.newapi.server;

import io.newapi.server.auth.ClientAddress;
import io.newapi.server.config.TrustedProxies;
import io.vertx.core.http.HttpServerRequest;

/** Believes what trusted proxies say of the client. Thread-safe. */
final class ForwardedClient implements ClientAddress {

    private final TrustedProxies trusted;
    private final ClientAddress peer = ClientAddress.ofConnection();

    ForwardedClient(TrustedProxies trusted) {
        this.trusted = trusted;
    }

    @Override
    public String of(HttpServerRequest request) {
        return trusted.clientAddress(peer.of(request), request.headers().getAll("X-Forwarded-For"));
    }

    @Override
    public boolean overHttps(HttpServerRequest request) {
        return request.isSSL()
                || trusted.clientUsesHttps(
                        peer.of(request),
                        request.headers().getAll("X-Forwarded-For"),
                        request.headers().getAll("X-Forwarded-Proto"));
    }
}
