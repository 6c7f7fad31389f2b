package io.newapi.server.relay;

import io.newapi.server.shape.ChannelShapes;
import io.newapi.server.shape.ProxyAddress;
import io.vertx.core.http.HttpClient;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The clients with which providers are called: one without a proxy, and one for each proxy that a channel is behind. That of a
 * proxy that no channel is behind any more ends with the calls that it has under way. Thread-safe.
 */
public final class UpstreamClients {

    /** Longer than any answer takes. */
    private static final long LAST_CALLS_HOURS = 6;

    private final HttpClient direct;
    private final Function<ProxyOptions, HttpClient> behind;
    private final Map<ProxyAddress, HttpClient> byProxy = new HashMap<>();
    private long generation;

    /**
     * Makes the clients of proxies when they are needed.
     *
     * @param direct without a proxy; not closed here
     * @param behind makes one behind a proxy
     */
    public UpstreamClients(HttpClient direct, Function<ProxyOptions, HttpClient> behind) {
        this.direct = direct;
        this.behind = behind;
    }

    /** The client for a channel that is behind {@code proxy}, if any, in a world where these are all of them. */
    HttpClient of(Optional<ProxyAddress> proxy, ChannelShapes world) {
        forget(world);
        return proxy.map(this::through).orElse(direct);
    }

    private synchronized HttpClient through(ProxyAddress proxy) {
        return byProxy.computeIfAbsent(proxy, it -> behind.apply(options(it)));
    }

    private synchronized void forget(ChannelShapes world) {
        if (world.generation() <= generation) {
            return;
        }
        generation = world.generation();
        if (!byProxy.isEmpty()) {
            var used = world.proxies();
            byProxy.entrySet().removeIf(known -> {
                boolean unused = !used.contains(known.getKey());
                if (unused) {
                    known.getValue().shutdown(LAST_CALLS_HOURS, TimeUnit.HOURS);
                }
                return unused;
            });
        }
    }

    static ProxyOptions options(ProxyAddress proxy) {
        ProxyOptions options = new ProxyOptions()
                .setType(
                        switch (proxy.protocol()) {
                            case HTTP -> ProxyType.HTTP;
                            case SOCKS5 -> ProxyType.SOCKS5;
                        })
                .setHost(proxy.host())
                .setPort(proxy.port());
        if (!proxy.username().isEmpty()) {
            options.setUsername(proxy.username()).setPassword(proxy.password());
        }
        return options;
    }
}
