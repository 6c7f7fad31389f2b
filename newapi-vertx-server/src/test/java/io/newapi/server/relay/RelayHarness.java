package io.newapi.server.relay;

import io.newapi.core.access.AddressRules;
import io.newapi.core.access.Expiry;
import io.newapi.core.access.Groups;
import io.newapi.core.access.ModelLimits;
import io.newapi.core.access.Role;
import io.newapi.core.access.Token;
import io.newapi.core.access.TokenQuota;
import io.newapi.core.access.TokenStatus;
import io.newapi.core.access.User;
import io.newapi.core.access.UserStatus;
import io.newapi.core.channel.Channel;
import io.newapi.core.channel.ChannelConditions;
import io.newapi.core.channel.ChannelDirectory;
import io.newapi.core.channel.ChannelKeyRing;
import io.newapi.core.channel.ChannelKeys;
import io.newapi.core.channel.ChannelSelector;
import io.newapi.core.channel.FailureStreaks;
import io.newapi.core.channel.HealthListener;
import io.newapi.core.pricing.PriceBook;
import io.newapi.core.pricing.Ratio;
import io.newapi.core.pricing.expression.Expression;
import io.newapi.core.quota.Account;
import io.newapi.core.quota.InMemoryQuotaAuthority;
import io.newapi.core.quota.JournalEntry;
import io.newapi.core.quota.LeasedLedger;
import io.newapi.core.quota.Payer;
import io.newapi.core.quota.Quota;
import io.newapi.server.auth.Callers;
import io.newapi.server.auth.ClientAddress;
import io.newapi.server.auth.KeyOwner;
import io.newapi.server.log.ConsumeLogEntry;
import io.newapi.server.relay.provider.ProviderCatalog;
import io.newapi.server.shape.ChannelShape;
import io.newapi.server.shape.ChannelShapes;
import io.newapi.server.snapshot.GatewaySnapshot;
import io.newapi.server.snapshot.Options;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.PoolOptions;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A relay with everything around it in memory: one user with one unlimited token, a model that costs 1 unit per token read
 * and 2 per token written, and the channels that a test adds. What was charged is read after {@link #finish()}.
 */
final class RelayHarness implements AutoCloseable {

    static final String KEY = "testkey";
    static final String CHANNEL_KEY = "sk-channel-secret-0123456789";
    static final long CREDIT = 1_000_000_000;

    static final long MEMORY_BYTES = 64 * 1024 * 1024;
    static final RelaySettings SETTINGS = new RelaySettings(
            1024 * 1024,
            1024 * 1024,
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ZERO,
            RelaySettings.OnClientGone.CUT,
            Duration.ofSeconds(30),
            10,
            true);

    final Vertx vertx = Vertx.vertx();
    private final List<JournalEntry> booked = new CopyOnWriteArrayList<>();
    private final InMemoryQuotaAuthority authority = new InMemoryQuotaAuthority(booked::add);
    private final LeasedLedger ledger = LeasedLedger.inMemory(authority);
    private final List<Channel> channels = new ArrayList<>();
    private final Map<Long, ChannelShape.Source> shapes = new HashMap<>();
    private final Semaphore began = new Semaphore(0);
    private final Semaphore closed = new Semaphore(0);
    /** The channels that were to be disabled, with the keys and reasons. */
    final List<String> disabled = new CopyOnWriteArrayList<>();

    private final InFlight inFlight = new InFlight();
    final AtomicInteger drains = new AtomicInteger();
    final BodyMemory memory = new BodyMemory(MEMORY_BYTES);
    private Spool spool = Spool.none();
    private final RelaySettings settings;
    private final Map<String, String> ownOptions = new HashMap<>();
    private final Map<String, Expression> expressions = new HashMap<>();
    private final Map<String, Ratio> ratios = new HashMap<>(Map.of(Chat.MODEL, Ratio.ONE));
    private final Map<String, Ratio> prices = new HashMap<>();
    private UnaryOperator<PriceBook.Builder> pricing = book -> book;
    private int retries;
    private String retryStatuses = "";
    private final AtomicLong aheadNanos = new AtomicLong();
    private PoolOptions pool = new PoolOptions();
    private boolean finished;
    private Role role = Role.COMMON;
    private ModelLimits limits = ModelLimits.none();
    private volatile boolean broken;
    private int port;
    private @Nullable CompletableFuture<Void> keyDelay;

    RelayHarness() {
        this(SETTINGS);
    }

    RelayHarness(RelaySettings settings) {
        this.settings = settings;
        authority.credit(Account.user(1), Quota.of(CREDIT));
        authority.credit(Account.token(1), Quota.ZERO);
    }

    static RelaySettings silence(Duration firstByte, Duration idle) {
        return new RelaySettings(
                SETTINGS.maxBodyBytes(),
                SETTINGS.maxAnswerBytes(),
                firstByte,
                idle,
                Duration.ZERO,
                SETTINGS.onClientGone(),
                SETTINGS.drainTimeout(),
                SETTINGS.maxDrains(),
                true);
    }

    static RelaySettings large(long maxBytes, Duration idle) {
        return new RelaySettings(
                maxBytes,
                maxBytes,
                SETTINGS.firstByteTimeout(),
                idle,
                Duration.ZERO,
                SETTINGS.onClientGone(),
                SETTINGS.drainTimeout(),
                SETTINGS.maxDrains(),
                true);
    }

    static RelaySettings total(Duration total) {
        return new RelaySettings(
                SETTINGS.maxBodyBytes(),
                SETTINGS.maxAnswerBytes(),
                Duration.ZERO,
                Duration.ZERO,
                total,
                SETTINGS.onClientGone(),
                SETTINGS.drainTimeout(),
                SETTINGS.maxDrains(),
                true);
    }

    static RelaySettings draining(Duration drain, int most) {
        return new RelaySettings(
                SETTINGS.maxBodyBytes(),
                SETTINGS.maxAnswerBytes(),
                SETTINGS.firstByteTimeout(),
                SETTINGS.idleTimeout(),
                Duration.ZERO,
                RelaySettings.OnClientGone.DRAIN,
                drain,
                most,
                true);
    }

    static <T extends @Nullable Object> T await(Future<T> future) {
        return get(future.toCompletionStage().toCompletableFuture());
    }

    static <T extends @Nullable Object> T get(CompletableFuture<T> future) {
        try {
            return future.get(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** Channels that are added first are tried first. */
    RelayHarness channel(String url) {
        return channel(url, Map.of(), Map.of());
    }

    RelayHarness channel(String url, Map<String, String> models, Map<Integer, Integer> statuses) {
        return channel(url, made -> made.modelMapping(models).statusCodeMapping(statuses));
    }

    RelayHarness channel(String url, UnaryOperator<Channel.Builder> with) {
        long id = channels.size() + 1L;
        channels.add(with.apply(Channel.builder(id, ChannelKeys.single(CHANNEL_KEY))
                        .type(1)
                        .priority(100 - id)
                        .groups(List.of("default"))
                        .models(List.of(Chat.MODEL))
                        .baseUrl(url))
                .build());
        return this;
    }

    /** What the channel that was added last changes in calls. */
    RelayHarness shape(String paramOverride, String headerOverride, String setting) {
        shapes.put((long) channels.size(), new ChannelShape.Source(paramOverride, headerOverride, setting));
        return this;
    }

    /** A channel with the same priority as all that are added this way. */
    RelayHarness equalChannel(String url) {
        channel(url);
        Channel last = channels.remove(channels.size() - 1);
        channels.add(last.toBuilder().priority(0).build());
        return this;
    }

    RelayHarness option(String name, String value) {
        ownOptions.put(name, value);
        return this;
    }

    /** Prices the model by an expression: USD for a million, at half a unit each. */
    RelayHarness price(String expression) {
        expressions.put(Chat.MODEL, Expression.parse(expression));
        return this;
    }

    /** Gives a model a ratio of its own. */
    RelayHarness ratio(String model, String ratio) {
        ratios.put(model, Ratio.parse(ratio));
        return this;
    }

    /** Gives a model a price for each call, in USD of 500000 units. */
    RelayHarness priceOfCall(String model, String usd) {
        prices.put(model, Ratio.parse(usd));
        return this;
    }

    /** Changes the price book. */
    RelayHarness pricing(UnaryOperator<PriceBook.Builder> with) {
        pricing = with;
        return this;
    }

    RelayHarness retries(int times) {
        retries = times;
        return this;
    }

    /** Bounds the connections to an upstream, and how many calls may wait for one. */
    RelayHarness connections(int most, int waiting) {
        pool = new PoolOptions().setHttp1MaxSize(most).setMaxWaitQueueSize(waiting);
        return this;
    }

    /** Lets time pass for what is known of channels. */
    void later(Duration time) {
        aheadNanos.addAndGet(time.toNanos());
    }

    RelayHarness role(Role of) {
        role = of;
        return this;
    }

    RelayHarness limits(ModelLimits of) {
        limits = of;
        return this;
    }

    RelayHarness retriedStatuses(String ranges) {
        retryStatuses = ranges;
        return this;
    }

    /** Lets large bodies lie in a spool. */
    RelayHarness spool(Spool of) {
        spool = of;
        return this;
    }

    /** Lets every request fail at its first step. */
    RelayHarness broken() {
        broken = true;
        return this;
    }

    /** Lets look-ups of keys wait. */
    RelayHarness keysWaitFor(CompletableFuture<Void> delay) {
        keyDelay = delay;
        return this;
    }

    /** Waits until so many requests have begun. */
    void awaitCalls(int count) {
        take(began, count);
    }

    /** Waits until the node has noticed that so many connections have ended. */
    void awaitCloses(int count) {
        take(closed, count);
    }

    /** Waits until no body is held any more. */
    void awaitFreeMemory() {
        CompletableFuture<Void> free = new CompletableFuture<>();
        long timer = vertx.setPeriodic(10, tick -> {
            if (memory.heldBytes() == 0) {
                free.complete(null);
            }
        });
        get(free);
        vertx.cancelTimer(timer);
    }

    private static void take(Semaphore semaphore, int count) {
        try {
            if (!semaphore.tryAcquire(count, 20, TimeUnit.SECONDS)) {
                throw new AssertionError("it did not happen " + count + " times");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    RelayHarness start() {
        GatewaySnapshot made = world();
        Supplier<GatewaySnapshot> world = () -> {
            if (broken) {
                throw new IllegalStateException("broken");
            }
            return made;
        };
        RequestId ids = new RequestId(Clock.systemUTC(), ZoneOffset.UTC, new Random());
        Exchanges exchanges =
                new Exchanges(ids, Clock.systemUTC(), ClientAddress.ofConnection(), memory, spool, CallListener.none());
        Callers callers = new Callers(
                KeyOwner.Lookup.on(vertx.createSharedWorkerExecutor("keys", 1), this::owner),
                Duration.ofMinutes(1),
                100,
                System::nanoTime);
        Entrance entrance = new Entrance(
                callers,
                headers -> Future.succeededFuture(
                        Optional.ofNullable(headers.get("Cookie")).map(cookie -> user())));
        HttpClient client = vertx.createHttpClient(new HttpClientOptions(), pool);
        UpstreamClients clients = new UpstreamClients(
                client, proxy -> vertx.createHttpClient(new HttpClientOptions().setProxyOptions(proxy)));
        RealtimeSockets sockets =
                new RealtimeSockets(vertx.createWebSocketClient(RealtimeSockets.clientOptions()), ledger, inFlight);
        Upstream upstream = new Upstream(vertx, clients, settings, new Settling(Clock.systemUTC()), drains, sockets);
        RelayPipeline pipeline = new RelayPipeline(
                vertx,
                exchanges,
                entrance,
                world,
                ledger,
                new Attempts(
                        new ChannelSelector(new Random(7), new ChannelKeyRing(), conditions()),
                        new ProviderCatalog(),
                        upstream,
                        new FailureWatch(
                                new FailureStreaks(System::nanoTime),
                                (selected, reason) -> disabled.add(selected.channel()
                                                .id() + " " + selected.key().key() + " " + reason)),
                        CallListener.none()),
                settings);
        RelayRoutes routes = new RelayRoutes(
                pipeline, new ModelList(exchanges, entrance, world, new ProviderCatalog()), exchanges, inFlight);
        HttpServer server = vertx.createHttpServer(RealtimeSockets.served(new HttpServerOptions().setPort(0)))
                .connectionHandler(connection -> connection.closeHandler(end -> closed.release()))
                .requestHandler(request -> {
                    began.release();
                    if (!routes.serve(request)) {
                        request.response().setStatusCode(418).end();
                    }
                });
        port = await(server.listen()).actualPort();
        return this;
    }

    private ChannelConditions conditions() {
        return new ChannelConditions(() -> System.nanoTime() + aheadNanos.get(), HealthListener.none());
    }

    private Optional<KeyOwner> owner(String key) {
        if (keyDelay != null) {
            get(keyDelay);
        }
        if (!key.equals(KEY)) {
            return Optional.empty();
        }
        User user = user();
        Token token = new Token(
                1,
                1,
                "laptop",
                TokenStatus.ENABLED,
                new Expiry.Never(),
                new TokenQuota.Unlimited(),
                limits,
                AddressRules.any(),
                "",
                false);
        return Optional.of(new KeyOwner(user, token));
    }

    private User user() {
        return new User(1, "ada", role, UserStatus.ENABLED, "default", false, false);
    }

    private GatewaySnapshot world() {
        PriceBook.Builder book = PriceBook.builder()
                .withModelRatios(ratios)
                .withModelPrices(prices)
                .withCompletionRatios(Map.of(Chat.MODEL, Ratio.of(2)))
                .withGroupRatios(Map.of("default", Ratio.ONE))
                .withExpressions(expressions)
                .withTieredModels(expressions.keySet());
        Map<String, String> rows = new HashMap<>(ownOptions);
        rows.put("RetryTimes", Integer.toString(retries));
        if (!retryStatuses.isEmpty()) {
            rows.put("AutomaticRetryStatusCodes", retryStatuses);
        }
        Options options = Options.read(rows, Options.defaults()).options();
        Groups groups = Groups.of(Map.of("default", "everybody"), Map.of(), List.of(), List.of("default"));
        return new GatewaySnapshot(
                options,
                pricing.apply(book).build(),
                groups,
                ChannelDirectory.of(channels),
                ChannelShapes.none().next(shapes));
    }

    int port() {
        return port;
    }

    RawClient connect() {
        return RawClient.connect(port);
    }

    RawClient.Reply chat(String body) {
        try (RawClient client = connect()) {
            return client.chat(body).reply();
        }
    }

    /** Waits for the calls under way, and books them. */
    RelayHarness finish() {
        await(inFlight.drain());
        if (ledger.openReservations() != 0) {
            throw new AssertionError("a reservation was left open: " + ledger);
        }
        get(ledger.close().toCompletableFuture());
        long left = authority.balance(Account.user(1)).units();
        long charged = booked.stream().mapToLong(JournalEntry::units).sum();
        if (left + charged != CREDIT) {
            throw new AssertionError("of " + CREDIT + " are left " + left + ", charged " + charged);
        }
        if (drains.get() != 0) {
            throw new AssertionError("drains left: " + drains);
        }
        finished = true;
        return this;
    }

    InFlight inFlight() {
        return inFlight;
    }

    /** Who paid for the only call that was charged. */
    Payer payer() {
        return booked.get(0).payer();
    }

    /** The units of each charge. */
    List<Long> charges() {
        return booked.stream().map(JournalEntry::units).toList();
    }

    /** The log row of the only call that was charged. */
    ConsumeLogEntry log() {
        if (booked.size() != 1) {
            throw new AssertionError("not one charge: " + booked);
        }
        return ConsumeLogEntry.fromJson(booked.get(0).settlement().detail());
    }

    @Override
    public void close() {
        await(vertx.close());
        ledger.close();
        if (finished && memory.heldBytes() != 0) {
            throw new AssertionError("memory left: " + memory.heldBytes());
        }
    }
}
