package io.newapi.server.config;

/**
 * Where a Redis server or a Sentinel listens.
 *
 * @param host its name or address, an IPv6 address without brackets
 * @param port from 1 to 65535
 */
public record RedisHost(String host, int port) {

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
