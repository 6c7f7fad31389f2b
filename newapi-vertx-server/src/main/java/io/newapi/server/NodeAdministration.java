package io.newapi.server;

import io.newapi.core.channel.ChannelSelector;
import io.newapi.core.pricing.PriceBook;
import io.newapi.server.admin.AdminApi;
import io.newapi.server.admin.AdminSettings;
import io.newapi.server.admin.Doorkeeper;
import io.newapi.server.admin.RateLimitSettings;
import io.newapi.server.auth.ClientAddress;
import io.newapi.server.auth.ConsoleUsers;
import io.newapi.server.auth.LoginCookies;
import io.newapi.server.auth.Logins;
import io.newapi.server.cluster.Membership;
import io.newapi.server.config.LimitConfig;
import io.newapi.server.config.SecretsConfig;
import io.newapi.server.config.ServerConfig;
import io.newapi.server.jobs.Auditor;
import io.newapi.server.relay.ChannelProbe;
import io.newapi.server.relay.InFlight;
import io.newapi.server.relay.UpstreamClients;
import io.newapi.server.relay.provider.ProviderCatalog;
import io.newapi.server.snapshot.Changes;
import io.newapi.server.snapshot.Snapshots;
import io.newapi.server.store.Stores;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpClient;
import io.vertx.ext.web.Router;
import java.time.InstantSource;

/** Puts the administration together as a node is configured, with the threads and connections that it works with. */
final class NodeAdministration {

    private static final int WORKERS = 8;

    private final ServerConfig config;
    private final InstantSource clock;
    private final String version;
    private final Stores stores;
    private final Snapshots snapshots;
    private final InFlight inFlight;
    private final WorkerExecutor workers;
    private final WorkerExecutor upstreamWorkers;
    private final HttpClient outward;
    private final UpstreamClients upstreams;

    /**
     * Nobody is served yet.
     *
     * @param version what the node says of itself
     * @param inFlight the calls under way, which are counted
     */
    NodeAdministration(
            ServerConfig config,
            InstantSource clock,
            String version,
            Vertx vertx,
            Stores stores,
            Snapshots snapshots,
            InFlight inFlight) {
        this.config = config;
        this.clock = clock;
        this.version = version;
        this.stores = stores;
        this.snapshots = snapshots;
        this.inFlight = inFlight;
        this.workers = vertx.createSharedWorkerExecutor("newapi-admin", WORKERS);
        this.upstreamWorkers = vertx.createSharedWorkerExecutor("newapi-admin-upstream", AdminApi.UPSTREAM_CALLS);
        this.outward = NodeRelay.upstreamClient(vertx, config.relay());
        this.upstreams = NodeRelay.upstreamClients(outward, vertx, config.relay());
    }

    /** Does the work of administrators. */
    WorkerExecutor workers() {
        return workers;
    }

    /** Finds who is logged in. */
    ConsoleUsers consoleUsers() {
        return ConsoleUsers.of(new Logins(cookies(), stores.logins(), stores.users(), clock), workers);
    }

    /** Calls whom users have named. */
    HttpClient outward() {
        return outward;
    }

    /** Calls upstreams for administrators, and to test them. */
    UpstreamClients upstreams() {
        return upstreams;
    }

    /**
     * Serves administrators from now on, and other nodes that hand their changes over.
     *
     * @param door lets callers in
     * @param changes is told of what was changed
     */
    void mount(
            Router router,
            Doorkeeper door,
            ClientAddress clientAddress,
            Changes changes,
            Auditor auditor,
            LedgerOffice office,
            Membership joined,
            AdminWrites writes) {
        ProviderCatalog providers = new ProviderCatalog(config.relay().azureApiVersion());
        ChannelProbe probe = new ChannelProbe(upstreams, new ChannelSelector(), providers);
        AdminApi api = new AdminApi(
                workers,
                upstreamWorkers,
                clientAddress,
                settings(),
                stores,
                snapshots,
                cookies(),
                new ChannelTests(stores.channels(), snapshots, probe),
                new CatalogFacts(providers, PriceBook.shipped()),
                new BackgroundAudit(auditor),
                outward,
                inFlight::count,
                changes,
                office,
                joined,
                clock);
        writes.serve(api.mount(router, door, writes));
    }

    private AdminSettings settings() {
        return new AdminSettings(
                version,
                config.store().databaseType(),
                clock.instant(),
                rateLimit(config.limits().globalApi()),
                rateLimit(config.limits().critical()),
                false,
                config.ledger().batchUpdateEnabled());
    }

    private static RateLimitSettings rateLimit(LimitConfig.RequestLimit limit) {
        return limit.enabled()
                ? new RateLimitSettings(true, limit.requests(), limit.window())
                : RateLimitSettings.off();
    }

    private LoginCookies cookies() {
        SecretsConfig secrets = config.secrets();
        LoginCookies cookies = new LoginCookies(
                secrets.sessionSecret().revealUtf8(), () -> secrets.cookieSecure() || servedOverHttps());
        return secrets.previousSessionSecret()
                .map(previous -> cookies.accepting(previous.revealUtf8()))
                .orElse(cookies);
    }

    private boolean servedOverHttps() {
        return snapshots.current().options().serverAddress().regionMatches(true, 0, "https://", 0, 8);
    }
}
