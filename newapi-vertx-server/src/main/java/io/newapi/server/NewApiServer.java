package io.newapi.server;

import io.newapi.core.channel.ChannelConditions;
import io.newapi.core.channel.ChannelSelector;
import io.newapi.core.pricing.PriceBook;
import io.newapi.core.quota.JournalDirectory;
import io.newapi.core.quota.JournalFailure;
import io.newapi.core.quota.RenewedLedger;
import io.newapi.server.admin.AdminApi;
import io.newapi.server.admin.AdminSettings;
import io.newapi.server.admin.RateLimitSettings;
import io.newapi.server.auth.Callers;
import io.newapi.server.auth.ClientAddress;
import io.newapi.server.auth.LoginCookies;
import io.newapi.server.auth.StoredKeys;
import io.newapi.server.cluster.RedisEventBusBridge;
import io.newapi.server.config.LimitConfig;
import io.newapi.server.config.ProductVersion;
import io.newapi.server.config.RedisAddress;
import io.newapi.server.config.ServerConfig;
import io.newapi.server.home.HomePage;
import io.newapi.server.jobs.Auditor;
import io.newapi.server.jobs.Blocking;
import io.newapi.server.ops.ServerState;
import io.newapi.server.relay.ChannelHealthLog;
import io.newapi.server.relay.ChannelProbe;
import io.newapi.server.relay.InFlight;
import io.newapi.server.relay.RelayRoutes;
import io.newapi.server.relay.provider.ProviderCatalog;
import io.newapi.server.snapshot.Changes;
import io.newapi.server.snapshot.SnapshotLoader;
import io.newapi.server.snapshot.Snapshots;
import io.newapi.server.store.Stores;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpClient;
import io.vertx.ext.web.Router;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node, put together by hand, in the order in which its parts start: data directory, database, schema, what earlier
 * runs left, ledger, configuration, HTTP. It stops in the reverse order.
 *
 * <pre>
 *   NEW --start--> STARTING --> SERVING --stop--> DRAINING --> STOPPED
 * </pre>
 *
 * <p>Used once. {@link #start} and {@link #stop} block and are called from one thread.
 */
public final class NewApiServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NewApiServer.class);
    private static final Duration CALLER_TIME_TO_LIVE = Duration.ofSeconds(60);
    private static final int MAX_CALLERS = 100_000;
    private static final int ADMIN_WORKERS = 8;
    private static final int CALLER_WORKERS = 4;
    private static final int ANY_PORT = -1;

    private final ServerConfig config;
    private final InstantSource clock = Clock.systemUTC();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final InFlight inFlight = new InFlight();
    private volatile ServerState state = ServerState.NEW;
    private int port;

    /** A node that is not started yet. */
    public NewApiServer(ServerConfig config) {
        this.config = config;
    }

    /**
     * Starts the node; when this returns, it serves.
     *
     * @throws JournalFailure if another process uses the data directory, or it cannot be written
     * @throws io.newapi.server.store.DatabaseException if the database cannot be used
     * @throws StartFailure if the port cannot be listened on
     */
    public void start() {
        if (state != ServerState.NEW) {
            throw new IllegalStateException("a node starts once; it is " + state);
        }
        state = ServerState.STARTING;
        try {
            wire();
            state = ServerState.SERVING;
        } catch (RuntimeException e) {
            closeAll();
            throw e;
        }
    }

    private void wire() {
        JournalDirectory journals = open(NodeLedger.openJournals(config));
        NodeDatabases databases = open(NodeDatabases.open(config.store()));
        Stores stores = Stores.of(databases.main(), databases.logs(), clock);

        NodeThreads threads = open(new NodeThreads());
        NodeLedger nodeLedger = open(NodeLedger.open(config, clock, journals, databases, threads));
        RenewedLedger ledger = nodeLedger.ledger();

        Snapshots snapshots = Snapshots.load(new SnapshotLoader(stores));

        // Falls back to the JDK's own transport where there is no other for this platform.
        Vertx vertx = Vertx.builder()
                .with(new VertxOptions().setPreferNativeTransport(true))
                .build();
        LOG.debug("native transport: {}", vertx.isNativeTransportEnabled());
        open(() -> Blocking.await(vertx.close().toCompletionStage()));
        WorkerExecutor callerWorkers = vertx.createSharedWorkerExecutor("newapi-callers", CALLER_WORKERS);
        Callers callers = new Callers(
                new StoredKeys(stores.tokens(), stores.users()),
                callerWorkers,
                CALLER_TIME_TO_LIVE,
                MAX_CALLERS,
                System::nanoTime);
        ClientAddress clientAddress = request -> config.node()
                .trustedProxies()
                .clientAddress(
                        ClientAddress.ofConnection().of(request),
                        request.headers().getAll("X-Forwarded-For"));
        ChannelSelector selector = new ChannelSelector(new ChannelConditions(System::nanoTime, new ChannelHealthLog()));
        Changes changes = changes(vertx, new LiveChanges(snapshots, callers, ledger, selector));

        Router router = Router.router(vertx);
        Auditor auditor = open(new Auditor(
                stores.books(),
                clock,
                threads.auditing(),
                () -> UUID.randomUUID().toString()));
        mountAdministration(vertx, router, stores, snapshots, clientAddress, changes, auditor, nodeLedger.office());
        new HomePage(version()).mount(router);
        listen(
                vertx,
                router,
                NodeRelay.of(config, clock, clientAddress, callers, snapshots, ledger, selector, inFlight));
    }

    private void mountAdministration(
            Vertx vertx,
            Router router,
            Stores stores,
            Snapshots snapshots,
            ClientAddress clientAddress,
            Changes changes,
            Auditor auditor,
            LedgerOffice office) {
        WorkerExecutor workers = vertx.createSharedWorkerExecutor("newapi-admin", ADMIN_WORKERS);
        WorkerExecutor upstreamWorkers =
                vertx.createSharedWorkerExecutor("newapi-admin-upstream", AdminApi.UPSTREAM_CALLS);
        HttpClient client = NodeRelay.upstreamClient(vertx, config.relay());
        ProviderCatalog providers = new ProviderCatalog();
        ChannelProbe probe = new ChannelProbe(client, new ChannelSelector(), providers);
        AdminSettings settings = new AdminSettings(
                version(),
                config.store().databaseType(),
                clock.instant(),
                rateLimit(config.limits().globalApi()),
                rateLimit(config.limits().critical()),
                false,
                config.ledger().batchUpdateEnabled());
        new AdminApi(
                        workers,
                        upstreamWorkers,
                        clientAddress,
                        settings,
                        stores,
                        snapshots,
                        new LoginCookies(
                                config.secrets().sessionSecret().revealUtf8(),
                                () -> config.secrets().cookieSecure() || servedOverHttps(snapshots)),
                        new ChannelTests(stores.channels(), snapshots, probe),
                        new CatalogFacts(providers, PriceBook.shipped()),
                        new BackgroundAudit(auditor),
                        client,
                        inFlight::count,
                        changes,
                        office,
                        clock)
                .mount(router);
    }

    private static boolean servedOverHttps(Snapshots snapshots) {
        return snapshots.current().options().serverAddress().regionMatches(true, 0, "https://", 0, 8);
    }

    private static RateLimitSettings rateLimit(LimitConfig.RequestLimit limit) {
        return limit.enabled()
                ? new RateLimitSettings(true, limit.requests(), limit.window())
                : RateLimitSettings.off();
    }

    private String version() {
        String override = config.node().versionOverride();
        return override.isEmpty() ? ProductVersion.current() : override;
    }

    private void listen(Vertx vertx, Router router, Function<Vertx, RelayRoutes> relay) {
        int instances = Math.max(1, Runtime.getRuntime().availableProcessors());
        // a negative port stands for any free one, the same for all that name it
        int wanted = config.http().port() == 0 ? ANY_PORT : config.http().port();
        List<HttpVerticle> verticles = new ArrayList<>();
        try {
            for (int i = 0; i < instances; i++) {
                HttpVerticle verticle = new HttpVerticle(wanted, relay, router);
                String id = Blocking.await(
                        vertx.deployVerticle(verticle, new DeploymentOptions()).toCompletionStage());
                // first of all that stops: what is changed must still be told to others
                open(() -> Blocking.await(vertx.undeploy(id).toCompletionStage()));
                verticles.add(verticle);
            }
        } catch (RuntimeException e) {
            throw new StartFailure(
                    "cannot listen on port " + config.http().port() + " (choose another with PORT or --port)", e);
        }
        port = verticles.get(0).actualPort();
    }

    /** What is done about changes: here, and, where there is a Redis, with the other nodes. */
    private Changes changes(Vertx vertx, LiveChanges here) {
        WorkerExecutor worker = vertx.createSharedWorkerExecutor("newapi-sync", 1);
        vertx.setPeriodic(config.node().syncFrequency().toMillis(), tick -> {
            var reload = worker.executeBlocking(() -> {
                here.optionsChanged();
                return null;
            });
            reload.onFailure(failure -> LOG.error("the periodic reload failed", failure));
        });
        return config.cluster()
                .redis()
                .<Changes>map(redis -> shared(vertx, here, worker, redis))
                .orElse(here);
    }

    private SharedChanges shared(Vertx vertx, LiveChanges here, WorkerExecutor worker, RedisAddress redis) {
        SharedChanges changes =
                SharedChanges.join(here, vertx, worker, vertx.createSharedWorkerExecutor("newapi-forgetting", 1));
        RedisEventBusBridge bridge = Blocking.await(RedisEventBusBridge.open(
                        vertx,
                        redis.reveal(),
                        redis.toString(),
                        "newapi:" + redis.database() + ":bridge:v1",
                        config.cluster().cryptoSecret().revealUtf8(),
                        Set.of(SharedChanges.ADDRESS),
                        new SecureRandom(),
                        changes::somethingWasMissed)
                .toCompletionStage());
        open(() -> Blocking.await(bridge.close().toCompletionStage()));
        return changes;
    }

    /** The port that the node listens on. */
    public int port() {
        return port;
    }

    /** Where the node stands. */
    public ServerState state() {
        return state;
    }

    /**
     * Stops the node: new calls are refused, those under way may end within the configured time, everything that was
     * settled is booked, leases are given back. Repeating it does nothing.
     */
    public void stop() {
        if (state != ServerState.SERVING) {
            return;
        }
        state = ServerState.DRAINING;
        LOG.info("stopping: {} calls under way", inFlight.count());
        try {
            inFlight.drain()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(config.node().shutdownTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("{} calls did not end in time and are cut off", inFlight.count());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            LOG.error("waiting for calls to end failed", e);
        }
        closeAll();
        state = ServerState.STOPPED;
        LOG.info("stopped");
    }

    @Override
    public void close() {
        stop();
    }

    private <T extends AutoCloseable> T open(T part) {
        opened.push(part);
        return part;
    }

    private void closeAll() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.error("a part of the node did not close", e);
            }
        }
    }
}
