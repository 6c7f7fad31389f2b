package io.newapi.server.admin;

import io.newapi.server.auth.AccessTokens;
import io.newapi.server.auth.ClientAddress;
import io.newapi.server.auth.Logins;
import io.newapi.server.auth.Passwords;
import io.newapi.server.snapshot.Changes;
import io.newapi.server.store.Stores;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpClient;
import io.vertx.ext.web.Router;
import java.time.InstantSource;

/**
 * The admin API: everything below {@code /api}, and the billing endpoints of API keys. One instance per node; handlers run on the
 * worker executor, and the router's event loops only read requests and write answers.
 */
public final class AdminApi {

    private final WorkerExecutor workers;
    private final ClientAddress addresses;
    private final AdminSettings settings;
    private final Stores stores;
    private final ConsoleOptions options;
    private final Passwords passwords;
    private final Logins logins;
    private final AccessTokens accessTokens;
    private final ChannelTester tester;
    private final ProviderFacts providers;
    private final HttpClient client;
    private final Changes changes;
    private final InstantSource clock;

    AdminApi(
            WorkerExecutor workers,
            ClientAddress addresses,
            AdminSettings settings,
            Stores stores,
            ConsoleOptions options,
            Passwords passwords,
            Logins logins,
            AccessTokens accessTokens,
            ChannelTester tester,
            ProviderFacts providers,
            HttpClient client,
            Changes changes,
            InstantSource clock) {
        this.workers = workers;
        this.addresses = addresses;
        this.settings = settings;
        this.stores = stores;
        this.options = options;
        this.passwords = passwords;
        this.logins = logins;
        this.accessTokens = accessTokens;
        this.tester = tester;
        this.providers = providers;
        this.client = client;
        this.changes = changes;
        this.clock = clock;
    }

    /** Adds the routes; to be called once, before the routes of the console. */
    public void mount(Router router) {
        RateLimits limits = new RateLimits(settings.global(), settings.critical(), System::nanoTime);
        Admittance admittance = new Admittance(logins, accessTokens);
        AdminRoutes routes = new AdminRoutes(router, workers, admittance, limits, addresses, new Messages());
        Transactions transactions = new Transactions(stores.database());
        Audit audit = new Audit(stores.audit());
        UserQuota quota = new UserQuota(stores.balances(), stores.logs(), clock);

        new StatusResource(options, stores.setup(), settings).mount(routes);
        new SetupResource(stores.setup(), passwords, settings, changes).mount(routes);
        new PricingResource(options, admittance).mount(routes);
        new LoginResource(stores.users(), logins, passwords, options, limits).mount(routes);
        new SelfResource(stores.users(), logins, accessTokens, passwords, transactions, changes).mount(routes);
        new AccessTokenResource(accessTokens, clock).mount(routes);
        new GroupResource(options, providers).mount(routes);
        new UserResource(stores.users(), quota, passwords, options, transactions, audit, changes).mount(routes);
        new UserActions(stores.users(), quota, logins, accessTokens, transactions, audit, changes).mount(routes);
        new TokenResource(stores.tokens(), new TokenView(settings.tokenKeysMasked()), options, changes, clock)
                .mount(routes);
        new ChannelListResource(stores.channels()).mount(routes);
        new ChannelUpstreamResource(stores.channels(), tester, new UpstreamModels(client), providers).mount(routes);
        new ChannelResource(stores.channels(), transactions, audit, changes).mount(routes);
        new LogResource(stores.logs(), stores.channels(), stores.tokens(), audit).mount(routes);
        new KeyUsageResource(stores.tokens(), stores.users(), options).mount(routes);
        routes.unknownPathsBelow("/api");
    }
}
