package io.newapi.server;

import io.newapi.core.channel.ChannelConditions;
import io.newapi.core.channel.ChannelSelector;
import io.newapi.core.pricing.PriceBook;
import io.newapi.core.quota.JournalDirectory;
import io.newapi.core.quota.JournalFailure;
import io.newapi.core.quota.JournalFollower;
import io.newapi.core.quota.JournalSettings;
import io.newapi.core.quota.LeasedLedger;
import io.newapi.core.quota.LedgerClock;
import io.newapi.core.quota.LedgerListener;
import io.newapi.core.quota.LedgerSettings;
import io.newapi.core.quota.Payer;
import io.newapi.core.quota.Quota;
import io.newapi.core.quota.RenewedLedger;
import io.newapi.core.quota.UsageJournal;
import io.newapi.core.quota.WriterId;
import io.newapi.server.admin.AdminApi;
import io.newapi.server.admin.AdminSettings;
import io.newapi.server.admin.RateLimitSettings;
import io.newapi.server.auth.Callers;
import io.newapi.server.auth.ClientAddress;
import io.newapi.server.auth.LoginCookies;
import io.newapi.server.auth.StoredKeys;
import io.newapi.server.config.LimitConfig;
import io.newapi.server.config.OnClientGone;
import io.newapi.server.config.ProductVersion;
import io.newapi.server.config.RelayConfig;
import io.newapi.server.config.ServerConfig;
import io.newapi.server.home.HomePage;
import io.newapi.server.jobs.Auditor;
import io.newapi.server.jobs.LeftJournals;
import io.newapi.server.jobs.WriterReclaim;
import io.newapi.server.ops.ServerState;
import io.newapi.server.relay.Attempts;
import io.newapi.server.relay.BodyMemory;
import io.newapi.server.relay.ChannelHealthLog;
import io.newapi.server.relay.ChannelProbe;
import io.newapi.server.relay.Entrance;
import io.newapi.server.relay.Exchanges;
import io.newapi.server.relay.InFlight;
import io.newapi.server.relay.ModelList;
import io.newapi.server.relay.RelayPipeline;
import io.newapi.server.relay.RelayRoutes;
import io.newapi.server.relay.RelaySettings;
import io.newapi.server.relay.RequestId;
import io.newapi.server.relay.Settling;
import io.newapi.server.relay.Upstream;
import io.newapi.server.relay.provider.ProviderCatalog;
import io.newapi.server.snapshot.SnapshotLoader;
import io.newapi.server.snapshot.Snapshots;
import io.newapi.server.store.Database;
import io.newapi.server.store.SqlLogFollower;
import io.newapi.server.store.SqlQuotaAuthority;
import io.newapi.server.store.Stores;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.Router;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
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
    private static final long MAX_ANSWER_BYTES = 256L * 1024 * 1024;
    private static final int ANY_PORT = -1;

    /** Between nodes that share balances, how late a node learns that another needs what idles here. */
    private static final Duration SHARED_HEARTBEAT = Duration.ofSeconds(1);

    /** How long somebody who is broke is refused without asking the database, unless his balance is changed here. */
    private static final Duration REFUSAL_MEMORY = Duration.ofSeconds(1);

    private static final int MAX_CONNECTIONS_PER_UPSTREAM = 10_000;
    private static final int MAX_WAITING_FOR_UPSTREAM = 20_000;

    private final ServerConfig config;
    private final InstantSource clock = Clock.systemUTC();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final InFlight inFlight = new InFlight();
    private final AtomicInteger drains = new AtomicInteger();
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
        JournalDirectory journals = open(JournalDirectory.open(journalDirectory(), journalSettings()));
        NodeDatabases databases = open(NodeDatabases.open(config.store()));
        Stores stores = Stores.of(databases.main(), databases.logs(), clock);

        NodeThreads threads = open(new NodeThreads());
        RenewedLedger ledger = openLedger(journals, databases, threads);
        WriterReclaim writers = watchWriters(journals, databases.main(), threads);

        Snapshots snapshots = Snapshots.load(new SnapshotLoader(stores));

        // Falls back to the JDK's own transport where there is no other for this platform.
        Vertx vertx = Vertx.builder()
                .with(new VertxOptions().setPreferNativeTransport(true))
                .build();
        LOG.debug("native transport: {}", vertx.isNativeTransportEnabled());
        open(() -> await(vertx.close()));
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
        LiveChanges changes = new LiveChanges(snapshots, callers, ledger, selector);
        reloadRegularly(vertx, changes);

        Router router = Router.router(vertx);
        Auditor auditor = open(new Auditor(
                stores.books(),
                clock,
                threads.auditing(),
                () -> UUID.randomUUID().toString()));
        LedgerOffice office = new LedgerOffice(journals, writers, config.ledger());
        mountAdministration(vertx, router, stores, snapshots, clientAddress, changes, auditor, office);
        new HomePage(version()).mount(router);
        listen(vertx, router, relay(clientAddress, callers, snapshots, ledger, selector));
    }

    private RenewedLedger openLedger(JournalDirectory journals, NodeDatabases databases, NodeThreads threads) {
        boolean rowsApart = databases.logRows().isPresent();
        SqlQuotaAuthority rowsWithCharges = authority(journals, databases.ledger(), threads.booking());
        SqlQuotaAuthority authority = rowsApart ? rowsWithCharges.withoutLogRows() : rowsWithCharges;
        JournalFollower rows = onceThere(
                databases,
                new SqlLogFollower(databases.main(), databases.logRows().orElse(databases.main()), threads.logging()));
        // also where rows are not apart: an earlier run's may have been
        LeftJournals left = new LeftJournals(journals, authority, rows, journalDirectory());
        left.book();
        bookCopiesLater(left, threads);
        LogsCatchUp.follow(databases, left, threads.catchingUp());
        RenewedLedger ledger =
                openLedger(journals, threads, authority, rowsApart ? Optional.of(rows) : Optional.empty());
        open(() -> ledger.close().toCompletableFuture().get(30, TimeUnit.SECONDS));
        warmUp(ledger);
        return ledger;
    }

    /** Nobody waits for a database that was away at the start and has no tables yet. */
    private static JournalFollower onceThere(NodeDatabases databases, JournalFollower follower) {
        return journal -> databases.areLogsAway()
                ? CompletableFuture.failedFuture(new IllegalStateException("the database of logs is away"))
                : follower.follow(journal);
    }

    private RenewedLedger openLedger(
            JournalDirectory journals,
            NodeThreads threads,
            SqlQuotaAuthority authority,
            Optional<JournalFollower> follower) {
        Duration delay = config.ledger().batchUpdateEnabled()
                ? config.ledger().batchInterval()
                : LedgerSettings.DEFAULT.bookingDelay();
        LedgerSettings settings = ledgerSettings(delay);
        SecureRandom random = new SecureRandom();
        return await(RenewedLedger.open(() ->
                newLedger(authority, journals.create(WriterId.random(random)), threads.teller(), settings, follower)));
    }

    private static CompletionStage<LeasedLedger> newLedger(
            SqlQuotaAuthority authority,
            UsageJournal journal,
            ScheduledExecutorService teller,
            LedgerSettings settings,
            Optional<JournalFollower> follower) {
        LedgerClock time = LedgerClock.system();
        CompletionStage<LeasedLedger> opening = follower.map(second ->
                        LeasedLedger.open(authority, journal, time, teller, settings, LedgerListener.none(), second))
                .orElseGet(() -> LeasedLedger.open(authority, journal, time, teller, settings));
        return opening.whenComplete((ledger, failure) -> {
            if (failure != null) {
                // nothing is in it, and a writer that the database never met would be reported at every start
                journal.delete();
            }
        });
    }

    private SqlQuotaAuthority authority(JournalDirectory journals, Database database, Executor worker) {
        return new SqlQuotaAuthority(database, worker, clock, config.node().nodeName(), journals.place());
    }

    /** Looks after nodes that are gone, over connections that are not the ledger's. */
    private WriterReclaim watchWriters(JournalDirectory journals, Database database, NodeThreads threads) {
        // it waits for each answer anyway: its transactions run where it runs
        WriterReclaim reclaim = new WriterReclaim(
                authority(journals, database, Runnable::run), config.ledger().reclaimAfter(), System::nanoTime);
        watch(threads, "look after other nodes", reclaim::look);
        return reclaim;
    }

    /** A journal that was copied from another place is booked when its writer has ended. */
    private static void bookCopiesLater(LeftJournals left, NodeThreads threads) {
        if (left.hasCopiesInUse()) {
            watch(threads, "book copied journals", left::bookCopies);
        }
    }

    private static void watch(NodeThreads threads, String what, Runnable look) {
        long period = WriterReclaim.INTERVAL.toMillis();
        Runnable guarded = () -> {
            try {
                look.run();
            } catch (RuntimeException e) {
                LOG.warn("cannot {} now: {}", what, e.getMessage());
            }
        };
        var unused = threads.watching().scheduleWithFixedDelay(guarded, period, period, TimeUnit.MILLISECONDS);
    }

    /** A node gives up its part of the balances well before others may take it back. */
    private LedgerSettings ledgerSettings(Duration bookingDelay) {
        LedgerSettings settings =
                LedgerSettings.DEFAULT.withBookingDelay(bookingDelay).withRefusalMemory(REFUSAL_MEMORY);
        Duration reclaim = config.ledger().reclaimAfter();
        Duration lease = reclaim.isZero() ? LedgerSettings.NO_DEADLINE : WriterReclaim.leaseUnder(reclaim);
        return (config.store().mysql().isPresent() ? settings.withHeartbeat(SHARED_HEARTBEAT) : settings)
                .withLease(lease);
    }

    private JournalSettings journalSettings() {
        return JournalSettings.DEFAULT
                .withFsync(config.ledger().fsync())
                .withMaxBytes(config.ledger().journalBytes());
    }

    /** Asks once for somebody who does not exist, so that a burst of first callers does not wait for classes to load. */
    private static void warmUp(RenewedLedger ledger) {
        ledger.reserve(Payer.limitedToken(Long.MAX_VALUE, Long.MAX_VALUE), Quota.of(1))
                .toCompletableFuture()
                .join();
    }

    private void mountAdministration(
            Vertx vertx,
            Router router,
            Stores stores,
            Snapshots snapshots,
            ClientAddress clientAddress,
            LiveChanges changes,
            Auditor auditor,
            LedgerOffice office) {
        WorkerExecutor workers = vertx.createSharedWorkerExecutor("newapi-admin", ADMIN_WORKERS);
        WorkerExecutor upstreamWorkers =
                vertx.createSharedWorkerExecutor("newapi-admin-upstream", AdminApi.UPSTREAM_CALLS);
        HttpClient client = upstreamClient(vertx, config.relay());
        ProviderCatalog providers = new ProviderCatalog();
        ChannelProbe probe = new ChannelProbe(client, new ChannelSelector(), providers);
        AdminSettings settings = new AdminSettings(
                version(),
                config.store().mysql().isPresent() ? "mysql" : "sqlite",
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

    private RelayFactory relay(
            ClientAddress clientAddress,
            Callers callers,
            Snapshots snapshots,
            RenewedLedger ledger,
            ChannelSelector selector) {
        RequestId ids = new RequestId(
                clock, config.node().tz(), () -> ThreadLocalRandom.current().nextLong());
        Exchanges exchanges = new Exchanges(ids, clock, clientAddress, BodyMemory.ofThisProcess());
        Entrance entrance = new Entrance(callers);
        ProviderCatalog providers = new ProviderCatalog();
        Settling settling = new Settling(clock);
        RelaySettings settings = relaySettings(config.relay());
        ModelList models = new ModelList(exchanges, entrance, snapshots, providers);
        return vertx -> {
            Upstream upstream = new Upstream(vertx, upstreamClient(vertx, config.relay()), settings, settling, drains);
            Attempts attempts = new Attempts(selector, providers, upstream);
            RelayPipeline pipeline =
                    new RelayPipeline(vertx, exchanges, entrance, snapshots, ledger, attempts, settings);
            return new RelayRoutes(pipeline, models, exchanges, inFlight);
        };
    }

    private void listen(Vertx vertx, Router router, RelayFactory relay) {
        int instances = Math.max(1, Runtime.getRuntime().availableProcessors());
        // a negative port stands for any free one, the same for all that name it
        int wanted = config.http().port() == 0 ? ANY_PORT : config.http().port();
        List<HttpVerticle> verticles = new ArrayList<>();
        try {
            for (int i = 0; i < instances; i++) {
                HttpVerticle verticle = new HttpVerticle(wanted, relay::create, router);
                await(vertx.deployVerticle(verticle, new DeploymentOptions()));
                verticles.add(verticle);
            }
        } catch (RuntimeException e) {
            throw new StartFailure(
                    "cannot listen on port " + config.http().port() + " (choose another with PORT or --port)", e);
        }
        port = verticles.get(0).actualPort();
    }

    /** Makes the relay of one event loop. */
    @FunctionalInterface
    private interface RelayFactory {
        RelayRoutes create(Vertx vertx);
    }

    private void reloadRegularly(Vertx vertx, LiveChanges changes) {
        long period = config.node().syncFrequency().toMillis();
        WorkerExecutor worker = vertx.createSharedWorkerExecutor("newapi-sync", 1);
        vertx.setPeriodic(period, tick -> {
            var reload = worker.executeBlocking(() -> {
                changes.optionsChanged();
                return null;
            });
            reload.onFailure(failure -> LOG.error("the periodic reload failed", failure));
        });
    }

    private static HttpClient upstreamClient(Vertx vertx, RelayConfig relay) {
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout(Math.toIntExact(relay.connectTimeout().toMillis()))
                .setKeepAliveTimeout(Math.toIntExact(relay.idleConnTimeout().toSeconds()))
                .setTcpNoDelay(true)
                .setDecompressionSupported(false)
                .setTrustAll(relay.tlsInsecureSkipVerify())
                .setVerifyHost(!relay.tlsInsecureSkipVerify());
        PoolOptions pool = new PoolOptions()
                .setHttp1MaxSize(MAX_CONNECTIONS_PER_UPSTREAM)
                .setMaxWaitQueueSize(MAX_WAITING_FOR_UPSTREAM);
        return vertx.createHttpClient(options, pool);
    }

    private static RelaySettings relaySettings(RelayConfig relay) {
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

    private Path journalDirectory() {
        return config.ledger().dataDir().resolve("newapi-journal");
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

    private static <T extends @Nullable Object> T await(Future<T> future) {
        return await(future.toCompletionStage());
    }

    /** Throws what went wrong as it is, without the wrapper of the one who waited. */
    private static <T extends @Nullable Object> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
