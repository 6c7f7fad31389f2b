package io.newapi.server.admin;

import io.newapi.server.auth.ClientAddress;
import io.newapi.server.auth.LoginCookies;
import io.newapi.server.cluster.Membership;
import io.newapi.server.cluster.NodeFacts;
import io.newapi.server.jobs.Auditor;
import io.newapi.server.snapshot.Changes;
import io.newapi.server.snapshot.SnapshotLoader;
import io.newapi.server.snapshot.Snapshots;
import io.newapi.server.store.BookReport;
import io.newapi.server.store.ClusterStore;
import io.newapi.server.store.Database;
import io.newapi.server.store.DatabaseConfig;
import io.newapi.server.store.Schema;
import io.newapi.server.store.SqliteLocation;
import io.newapi.server.store.Stores;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A running admin API on a real database file and a free port. */
final class AdminServer implements AutoCloseable {

    static final String ROOT = "root";
    static final String ROOT_PASSWORD = "correct horse";

    /** What a node in perfect health tells. */
    static final NodeFacts FACTS = new NodeFacts(
            "test",
            "auto",
            3000,
            "UTC",
            0,
            60,
            1,
            3,
            17,
            "s1",
            "c1",
            "db:3306/new-api",
            "db:3306/new-api",
            "",
            false,
            List.of(),
            "",
            List.of(),
            List.of(),
            false);

    final Stores stores;
    final Snapshots snapshots;
    final List<String> announced = new CopyOnWriteArrayList<>();
    final FakeLedger ledger = new FakeLedger();

    /** Audits that were begun; whoever takes one runs it. */
    final Queue<Runnable> audits = new ConcurrentLinkedQueue<>();

    private final Vertx vertx = Vertx.vertx();
    private final Database database;
    final Membership membership;
    final Router router = Router.router(vertx);
    private final HttpServer http;

    private AdminServer(Path directory, AdminSettings settings, ChannelTester tester) {
        database = Database.open(DatabaseConfig.of(
                SqliteLocation.parse(directory.resolve("one-api.db").toString())));
        Schema.create(database);
        InstantSource clock = InstantSource.system();
        stores = Stores.of(database, clock);
        snapshots = Snapshots.load(new SnapshotLoader(stores));
        WorkerExecutor workers = vertx.createSharedWorkerExecutor("admin", 4);
        WorkerExecutor upstreamWorkers = vertx.createSharedWorkerExecutor("admin-upstream", AdminApi.UPSTREAM_CALLS);
        membership = new Membership(
                new ClusterStore(database),
                new Membership.Self("a".repeat(32), "this", true, false),
                ahead -> FACTS,
                Membership.Pace.ALONE,
                Thread::new,
                System::nanoTime,
                System::currentTimeMillis);
        LoginCookies cookies = new LoginCookies("a secret".getBytes(StandardCharsets.UTF_8), () -> false);
        new AdminApi(
                        workers,
                        upstreamWorkers,
                        ClientAddress.ofConnection(),
                        settings,
                        stores,
                        snapshots,
                        cookies,
                        tester,
                        facts(),
                        books(clock),
                        vertx.createHttpClient(),
                        () -> 3,
                        changes(),
                        ledger,
                        membership,
                        clock)
                .mount(router, new Doorkeeper(), (write, here) -> workers.executeBlocking(here::get, false));
        http = await(vertx.createHttpServer().requestHandler(router).listen(0));
    }

    static AdminServer start(Path directory) {
        return start(directory, unlimited());
    }

    static AdminServer start(Path directory, AdminSettings settings) {
        return new AdminServer(
                directory,
                settings,
                (channel, model, privateAllowed) ->
                        Future.succeededFuture(new ChannelTestResult(true, "", Duration.ofMillis(1234))));
    }

    /** A server whose channels are tested by {@code tester}. */
    static AdminServer start(Path directory, ChannelTester tester) {
        return new AdminServer(directory, unlimited(), tester);
    }

    private static AdminSettings unlimited() {
        return new AdminSettings(
                "test",
                "sqlite",
                Instant.ofEpochSecond(1),
                RateLimitSettings.off(),
                RateLimitSettings.off(),
                false,
                false);
    }

    int port() {
        return http.actualPort();
    }

    /** Someone without any credential. */
    AdminClient client() {
        return new AdminClient("http://localhost:" + port());
    }

    /** The system set up, and root logged in with a cookie. */
    AdminClient root() {
        AdminClient client = client();
        client.post(
                "/api/setup",
                "username",
                ROOT,
                "password",
                ROOT_PASSWORD,
                "confirmPassword",
                ROOT_PASSWORD,
                "SelfUseModeEnabled",
                false,
                "DemoSiteEnabled",
                false);
        return client.login(ROOT, ROOT_PASSWORD);
    }

    private static ProviderFacts facts() {
        return new ProviderFacts() {
            @Override
            public String defaultBaseUrl(int channelType) {
                return channelType == 1 ? "https://api.openai.com" : "";
            }

            @Override
            public SortedMap<Integer, List<String>> modelsByType() {
                return new TreeMap<>(Map.of(1, List.of("gpt-4o", "gpt-4o-mini")));
            }

            @Override
            public String owner(int channelType) {
                return "openai";
            }

            @Override
            public List<String> endpointTypes(String model, Collection<Integer> channelTypes) {
                return List.of("openai");
            }

            @Override
            public SortedMap<String, String> endpointPaths() {
                return new TreeMap<>(Map.of("openai", "/v1/chat/completions"));
            }
        };
    }

    private BooksAudit books(InstantSource clock) {
        Auditor auditor = new Auditor(
                stores.books(), clock, audits::add, () -> UUID.randomUUID().toString(), report -> {});
        return new BooksAudit() {
            @Override
            public BookReport begin() {
                return auditor.begin();
            }

            @Override
            public BookReport report() {
                return auditor.report();
            }

            @Override
            public BookReport cancel() {
                return auditor.cancel();
            }
        };
    }

    private Changes changes() {
        return new Changes() {
            @Override
            public void optionsChanged() {
                snapshots.reload();
                announced.add("options");
            }

            @Override
            public void channelsChanged() {
                snapshots.reload();
                announced.add("channels");
            }

            @Override
            public void userChanged(long userId) {
                announced.add("user " + userId);
            }

            @Override
            public void tokenChanged(long userId, long tokenId) {
                announced.add("token " + userId + " " + tokenId);
            }

            @Override
            public void balanceChanged(int kind, long accountId) {
                announced.add("balance " + kind + " " + accountId);
            }
        };
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        await(vertx.close());
        database.close();
    }
}
