package io.newapi.server.redis;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where a server listens. Immutable.
 *
 * @param host a name or an address, an IPv6 address without brackets
 * @param port from 1 to 65535
 */
public record ServerAddress(String host, int port) {

    /** One as people and URLs write it. */
    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    /** Whether a URL can name it: where none can, the client would speak to this machine instead. */
    boolean isUsable() {
        try {
            return port > 0 && new URI("redis://" + this).getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
