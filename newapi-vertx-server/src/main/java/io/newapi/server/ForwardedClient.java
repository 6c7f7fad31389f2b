package io.newapi.server;

import io.newapi.server.auth.ClientAddress;
import io.newapi.server.auth.Forwarders;
import io.newapi.server.config.TrustedProxies;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/** Believes what trusted proxies say of the client. Thread-safe. */
final class ForwardedClient implements ClientAddress {

    private final TrustedProxies trusted;
    private final Forwarders forwarders;
    private final ClientAddress peer = ClientAddress.ofConnection();

    /** @param forwarders learns of those who are not believed */
    ForwardedClient(TrustedProxies trusted, Forwarders forwarders) {
        this.trusted = trusted;
        this.forwarders = forwarders;
    }

    @Override
    public String of(HttpServerRequest request) {
        String remote = peer.of(request);
        List<String> named = request.headers().getAll("X-Forwarded-For");
        if (!named.isEmpty() && !trusted.trusts(remote)) {
            forwarders.disbelieved(remote);
        }
        return trusted.clientAddress(remote, named);
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
