package io.newapi.server;

import io.newapi.core.channel.ChannelSelector;
import io.newapi.core.quota.RenewedLedger;
import io.newapi.server.auth.Callers;
import io.newapi.server.auth.ClientAddress;
import io.newapi.server.auth.ConsoleUsers;
import io.newapi.server.config.OnClientGone;
import io.newapi.server.config.RelayConfig;
import io.newapi.server.config.ServerConfig;
import io.newapi.server.config.SpoolConfig;
import io.newapi.server.relay.Attempts;
import io.newapi.server.relay.BodyMemory;
import io.newapi.server.relay.CallListener;
import io.newapi.server.relay.Entrance;
import io.newapi.server.relay.Exchanges;
import io.newapi.server.relay.FailureWatch;
import io.newapi.server.relay.InFlight;
import io.newapi.server.relay.ModelList;
import io.newapi.server.relay.RealtimeSockets;
import io.newapi.server.relay.RelayPipeline;
import io.newapi.server.relay.RelayRoutes;
import io.newapi.server.relay.RelaySettings;
import io.newapi.server.relay.RequestId;
import io.newapi.server.relay.Settling;
import io.newapi.server.relay.Spool;
import io.newapi.server.relay.Upstream;
import io.newapi.server.relay.UpstreamClients;
import io.newapi.server.relay.provider.ProviderCatalog;
import io.newapi.server.snapshot.Snapshots;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.net.ProxyOptions;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Puts the relay together as a node is configured. What its event loops share is made once. */
final class NodeRelay {

    private static final long MAX_ANSWER_BYTES = 256L * 1024 * 1024;
    private static final int MAX_CONNECTIONS_PER_UPSTREAM = 10_000;
    private static final int MAX_WAITING_FOR_UPSTREAM = 20_000;

    private NodeRelay() {}

    /** The relay of one event loop, which is told to whoever asks for it there. */
    static Function<Vertx, RelayRoutes> of(
            ServerConfig config,
            InstantSource clock,
            ClientAddress clientAddress,
            Callers callers,
            ConsoleUsers console,
            Snapshots snapshots,
            RenewedLedger ledger,
            ChannelSelector selector,
            FailureWatch watch,
            InFlight inFlight,
            Spool spool,
            CallListener listener) {
        RequestId ids = new RequestId(
                clock, config.node().tz(), () -> ThreadLocalRandom.current().nextLong());
        Exchanges exchanges = new Exchanges(ids, clock, clientAddress, BodyMemory.ofThisProcess(), spool, listener);
        Entrance entrance = new Entrance(callers, console);
        ProviderCatalog providers = new ProviderCatalog(config.relay().azureApiVersion());
        AtomicInteger drains = new AtomicInteger();
        Settling settling = new Settling(clock);
        RelaySettings settings = settings(config.relay());
        ModelList models = new ModelList(exchanges, entrance, snapshots, providers);
        return vertx -> {
            UpstreamClients clients = upstreamClients(upstreamClient(vertx, config.relay()), vertx, config.relay());
            RealtimeSockets sockets = new RealtimeSockets(socketClient(vertx, config.relay()), ledger, inFlight);
            Upstream upstream = new Upstream(vertx, clients, settings, settling, drains, sockets);
            Attempts attempts = new Attempts(selector, providers, upstream, watch, listener);
            RelayPipeline pipeline =
                    new RelayPipeline(vertx, exchanges, entrance, snapshots, ledger, attempts, settings);
            return new RelayRoutes(pipeline, models, exchanges, inFlight);
        };
    }

    /**
     * Where the node's large bodies lie.
     *
     * @throws StartFailure if they cannot lie there
     */
    static Spool openSpool(SpoolConfig config) {
        try {
            return Spool.in(config.directory(), config.thresholdBytes(), config.maxBytes());
        } catch (IOException e) {
            throw new StartFailure(
                    "cannot write to " + config.directory() + ", where large bodies of requests lie"
                            + " (NEWAPI_SPOOL_DIR; NEWAPI_SPOOL_MAX_MB=0 leaves them in memory): " + e,
                    e);
        }
    }

    /** Calls upstreams from one event loop. */
    static HttpClient upstreamClient(Vertx vertx, RelayConfig relay) {
        return upstreamClient(vertx, relay, null);
    }

    /** {@code direct}, and clients behind proxies that are like it. */
    static UpstreamClients upstreamClients(HttpClient direct, Vertx vertx, RelayConfig relay) {
        return new UpstreamClients(direct, proxy -> upstreamClient(vertx, relay, proxy));
    }

    private static HttpClient upstreamClient(Vertx vertx, RelayConfig relay, @Nullable ProxyOptions proxy) {
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout(Math.toIntExact(relay.connectTimeout().toMillis()))
                .setKeepAliveTimeout(Math.toIntExact(relay.idleConnTimeout().toSeconds()))
                .setTcpNoDelay(true)
                .setDecompressionSupported(false)
                .setTrustAll(relay.tlsInsecureSkipVerify())
                .setVerifyHost(!relay.tlsInsecureSkipVerify())
                .setProxyOptions(proxy);
        PoolOptions pool = new PoolOptions()
                .setHttp1MaxSize(MAX_CONNECTIONS_PER_UPSTREAM)
                .setMaxWaitQueueSize(MAX_WAITING_FOR_UPSTREAM);
        return vertx.createHttpClient(options, pool);
    }

    /** Opens live connections from one event loop; each says whether it goes through a proxy. */
    static WebSocketClient socketClient(Vertx vertx, RelayConfig relay) {
        WebSocketClientOptions options = RealtimeSockets.clientOptions()
                .setConnectTimeout(Math.toIntExact(relay.connectTimeout().toMillis()))
                .setTrustAll(relay.tlsInsecureSkipVerify())
                .setVerifyHost(!relay.tlsInsecureSkipVerify());
        return vertx.createWebSocketClient(options);
    }

    private static RelaySettings settings(RelayConfig relay) {
        return new RelaySettings(
                relay.maxRequestBodyBytes(),
                MAX_ANSWER_BYTES,
                relay.firstByteTimeout(),
                relay.streamingTimeout(),
                relay.relayTimeout(),
                relay.onClientGone() == OnClientGone.DRAIN
                        ? RelaySettings.OnClientGone.DRAIN
                        : RelaySettings.OnClientGone.CUT,
                relay.drainTimeout(),
                relay.drainMax(),
                relay.forceStreamOption());
    }
}
