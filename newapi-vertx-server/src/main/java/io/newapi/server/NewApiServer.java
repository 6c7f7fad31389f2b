package io.newapi.server;

import io.newapi.core.channel.ChannelConditions;
import io.newapi.core.channel.ChannelSelector;
import io.newapi.core.quota.JournalDirectory;
import io.newapi.core.quota.JournalFailure;
import io.newapi.core.quota.RenewedLedger;
import io.newapi.server.admin.Doorkeeper;
import io.newapi.server.auth.Callers;
import io.newapi.server.auth.ClientAddress;
import io.newapi.server.auth.Forwarders;
import io.newapi.server.auth.KeyOwner;
import io.newapi.server.auth.StoredKeys;
import io.newapi.server.cluster.Membership;
import io.newapi.server.cluster.Seal;
import io.newapi.server.config.NodeType;
import io.newapi.server.config.ProductVersion;
import io.newapi.server.config.ServerConfig;
import io.newapi.server.home.FrontendRedirect;
import io.newapi.server.home.HomePage;
import io.newapi.server.home.UnknownPaths;
import io.newapi.server.jobs.Auditor;
import io.newapi.server.jobs.Blocking;
import io.newapi.server.jobs.MasterDuties;
import io.newapi.server.jobs.RootNotices;
import io.newapi.server.ops.Condition;
import io.newapi.server.ops.Health;
import io.newapi.server.ops.Metrics;
import io.newapi.server.ops.Probes;
import io.newapi.server.ops.ServerState;
import io.newapi.server.relay.ChannelHealthLog;
import io.newapi.server.relay.InFlight;
import io.newapi.server.relay.Spool;
import io.newapi.server.relay.provider.ProviderCatalog;
import io.newapi.server.snapshot.SnapshotLoader;
import io.newapi.server.snapshot.Snapshots;
import io.newapi.server.store.ClusterStore;
import io.newapi.server.store.Stores;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
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
 * <p>It listens when it serves, or when it has to wait for its database; what listens is the last of its parts to close.
 *
 * <p>Used once. {@link #start} and {@link #stop} block; a stop may come while another thread starts.
 */
public final class NewApiServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NewApiServer.class);
    private static final Duration CALLER_TIME_TO_LIVE = Duration.ofSeconds(60);
    private static final int MAX_CALLERS = 100_000;
    private static final int CALLER_WORKERS = 4;

    /** How long a stop waits for a start that is under way, and perhaps for somebody who does not answer. */
    private static final long START_ENDS_SECONDS = 2;

    private final ServerConfig config;
    private final InstantSource clock;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final String runId = UUID.randomUUID().toString().replace("-", "");
    private final InFlight inFlight = new InFlight();
    private final Doorkeeper door = new Doorkeeper();
    private final Health health = new Health(this::state);
    private final CountDownLatch stopping = new CountDownLatch(1);
    /** Held by whoever starts or stops the node. */
    private final ReentrantLock life = new ReentrantLock();

    private final Metrics metrics;

    private volatile ServerState state = ServerState.NEW;
    private volatile @Nullable HttpFront front;
    private volatile @Nullable Membership membership;

    /** A node that is not started yet. */
    public NewApiServer(ServerConfig config) {
        this(config, Clock.systemUTC());
    }

    /**
     * The same with another clock on the wall.
     *
     * @param clock what the node takes for the time of day; how long something takes is measured otherwise
     */
    public NewApiServer(ServerConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        this.metrics = new Metrics(
                config.operation().metricsToken(), version(), config.node().nodeName(), health);
    }

    /**
     * Starts the node; when this returns, it serves.
     *
     * @throws JournalFailure if another process uses the data directory, or it cannot be written
     * @throws io.newapi.server.store.DatabaseException if the database cannot be used
     * @throws StartFailure if the port cannot be listened on
     * @throws StartCancelled if it was asked to stop meanwhile
     */
    public void start() {
        life.lock();
        try {
            if (state != ServerState.NEW) {
                throw new IllegalStateException("a node starts once; it is " + state);
            }
            state = ServerState.STARTING;
            wire();
            if (stopping.getCount() == 0) {
                throw new StartCancelled();
            }
            state = ServerState.SERVING;
        } catch (RuntimeException e) {
            if (state == ServerState.STARTING) {
                closeAll();
                state = ServerState.STOPPED;
            }
            throw e;
        } finally {
            life.unlock();
        }
    }

    private void wire() {
        open(metrics.watchProcess());
        JournalDirectory journals = open(NodeLedger.openJournals(config));
        Spool spool = open(NodeRelay.openSpool(config.spool()));
        // Falls back to the JDK's own transport where there is no other for this platform.
        Vertx vertx = Vertx.builder()
                .with(new VertxOptions().setPreferNativeTransport(true))
                .build();
        LOG.debug("native transport: {}", vertx.isNativeTransportEnabled());
        open(() -> Blocking.await(vertx.close().toCompletionStage()));
        HttpFront listening = open(new HttpFront(vertx, config.http().port(), health, new Probes(health, metrics)));
        front = listening;
        DatabaseWait wait = new DatabaseWait(config.operation().databaseWait(), stopping, () -> {
            listening.listen();
            LOG.info("meanwhile health checks are answered on port {}", listening.port());
        });
        health.watch("database", () -> Condition.degraded(wait.trouble()));
        NodeDatabases databases =
                open(wait.open(config.store(), config.node().type().isCandidate(), vertx));
        Stores stores = Stores.of(databases.main(), databases.logs(), clock);

        NodeThreads threads = open(new NodeThreads());
        Optional<OriginalCaches> originals =
                OriginalCaches.open(config, vertx, stores.tokens()).map(this::open);
        NodeLedger nodeLedger = open(NodeLedger.open(
                config,
                clock,
                journals,
                databases,
                threads,
                metrics.ledger(),
                moved -> originals.ifPresent(caches -> caches.moved(moved))));
        RenewedLedger ledger = nodeLedger.ledger();

        Snapshots snapshots = Snapshots.load(new SnapshotLoader(stores));

        NodeHealth looks = open(NodeHealth.watch(health, databases, stores.setup(), ledger, journals)
                .regularly());
        NodeMeters meters = new NodeMeters(metrics)
                .calls(inFlight)
                .ledger(ledger)
                .journals(journals, config.ledger().journalBytes())
                .database(looks, databases)
                .snapshots(snapshots);
        WorkerExecutor callerWorkers = vertx.createSharedWorkerExecutor("newapi-callers", CALLER_WORKERS);
        KeyOwner.Lookup keys = databases
                .reads()
                .map(StoredKeys::pipelined)
                .orElseGet(() -> KeyOwner.Lookup.on(callerWorkers, new StoredKeys(stores.tokens(), stores.users())));
        Callers callers = new Callers(keys, CALLER_TIME_TO_LIVE, MAX_CALLERS, System::nanoTime);
        Forwarders forwarders = new Forwarders();
        ClientAddress clientAddress = new ForwardedClient(config.node().trustedProxies(), forwarders);
        ChannelSelector selector = new ChannelSelector(new ChannelConditions(System::nanoTime, new ChannelHealthLog()));
        LiveChanges here = new LiveChanges(snapshots, callers, ledger, selector);
        NodeChanges changes = open(NodeChanges.open(config, vertx, here, originals, runId));
        changes.bridge()
                .ifPresent(bridge ->
                        health.watch("redis", () -> bridge.isJoined() ? Condition.ok() : Condition.degraded("away")));
        NodeCluster cluster = new NodeCluster(
                config, version(), health, snapshots, inFlight, forwarders, changes.bridge(), listening::port, clock);
        ClusterStore nodes = new ClusterStore(databases.main());
        Membership joined = open(cluster.membership(runId, nodes));
        membership = joined;
        NodeAdministration administration =
                new NodeAdministration(config, clock, version(), vertx, stores, snapshots, inFlight);
        AdminWrites writes = new AdminWrites(
                vertx,
                administration.workers(),
                joined,
                nodes,
                changes.bridge(),
                changes.hearing(),
                new Seal(config.cluster().cryptoSecret().revealUtf8(), "newapi answers to writes", new SecureRandom()));
        meters.cluster(joined, changes, writes);

        Router router = Router.router(vertx);
        RootNotices notices = open(new RootNotices(
                stores.users()::enabledRoots,
                vertx,
                administration.outward(),
                () -> snapshots.current().options().flag("fetch_setting.allow_private_ip"),
                () -> MailOptions.server(snapshots.current().options()),
                clock));
        Auditor auditor = open(new Auditor(
                stores.books(),
                clock,
                threads.auditing(),
                () -> UUID.randomUUID().toString(),
                notices::tellOfUncleanBooks));
        NodeChannels channels =
                open(new NodeChannels(config.duties(), clock, vertx, stores, snapshots, changes.changes(), notices));
        administration.mount(
                router, door, clientAddress, changes.changes(), auditor, nodeLedger.office(), joined, writes);
        mountPages(router, config.node().type() == NodeType.SLAVE);
        listening.serve(new Services(
                NodeRelay.of(
                        config,
                        clock,
                        clientAddress,
                        callers,
                        administration.consoleUsers(),
                        snapshots,
                        ledger,
                        selector,
                        channels.watch(),
                        inFlight,
                        spool,
                        NodeMeters.counting(metrics.calls())),
                router));
        joined.join();
        new MasterDuties(joined, nodes, config.store().server().isPresent(), notices::tell, System::nanoTime)
                .regularly(threads.duties());
        channels.test(
                joined,
                administration.upstreams(),
                new ProviderCatalog(config.relay().azureApiVersion()),
                threads.testing());
    }

    /** @param slave whether this node is one that never does the master's work */
    private void mountPages(Router router, boolean slave) {
        if (slave) {
            config.http().frontendBaseUrl().ifPresent(base -> new FrontendRedirect(base).mount(router));
        }
        new HomePage(version()).mount(router);
        UnknownPaths.mount(router);
    }

    private String version() {
        String override = config.node().versionOverride();
        return override.isEmpty() ? ProductVersion.current() : override;
    }

    /** The port that the node listens on; 0 while it does not. */
    public int port() {
        HttpFront listening = front;
        return listening == null ? 0 : listening.port();
    }

    /** Where the node stands. */
    public ServerState state() {
        return state;
    }

    /**
     * Stops the node: new calls are refused, those under way may end within the configured time, everything that was
     * settled is booked, leases are given back. A start that is under way is given up. Repeating it does nothing.
     */
    public void stop() {
        stopping.countDown();
        try {
            if (!life.tryLock(START_ENDS_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("stopped while it was starting");
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        try {
            HttpFront listening = front;
            if (state == ServerState.SERVING && listening != null) {
                stop(listening);
            }
        } finally {
            life.unlock();
        }
    }

    private void stop(HttpFront listening) {
        state = ServerState.DRAINING;
        LOG.info("stopping: {} calls under way", inFlight.count());
        Membership joined = membership;
        if (joined != null) {
            // another may be the master at once
            joined.close();
        }
        new Drain(inFlight, door, listening)
                .run(config.operation().drainDelay(), config.node().shutdownTimeout());
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
