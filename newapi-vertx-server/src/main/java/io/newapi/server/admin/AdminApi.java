package io.newapi.server.admin;

import io.newapi.server.auth.AccessTokens;
import io.newapi.server.auth.ClientAddress;
import io.newapi.server.auth.LoginCookies;
import io.newapi.server.auth.Logins;
import io.newapi.server.auth.Passwords;
import io.newapi.server.cluster.Membership;
import io.newapi.server.snapshot.Changes;
import io.newapi.server.snapshot.Snapshots;
import io.newapi.server.store.HourlyUsageStore;
import io.newapi.server.store.LedgerStore;
import io.newapi.server.store.Stores;
import io.newapi.server.store.TwoFactorStore;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpClient;
import io.vertx.ext.web.Router;
import java.time.InstantSource;
import java.util.function.IntSupplier;

/**
 * The admin API: everything below {@code /api}, and the billing endpoints of API keys. One instance per node; handlers run on the
 * worker executor, and the router's event loops only read requests and write answers.
 */
public final class AdminApi {

    /** How many handlers may wait for upstreams at once; the threads that {@code upstreamWorkers} should have. */
    public static final int UPSTREAM_CALLS = 4;

    private final WorkerExecutor workers;
    private final UpstreamCalls upstreamCalls;
    private final ClientAddress addresses;
    private final AdminSettings settings;
    private final Stores stores;
    private final ConsoleOptions options;
    private final Passwords passwords = new Passwords();
    private final Logins logins;
    private final AccessTokens accessTokens;
    private final ChannelTester tester;
    private final ProviderFacts providers;
    private final BooksAudit books;
    private final HttpClient client;
    private final IntSupplier callsUnderWay;
    private final Changes changes;
    private final LedgerControl ledger;
    private final Membership membership;
    private final InstantSource clock;

    /**
     * Puts the API together; nothing is served before {@link #mount}.
     *
     * @param workers runs the handlers; a bcrypt comparison keeps a thread busy for some 50 ms
     * @param upstreamWorkers runs the handlers that wait for upstreams, at most {@value #UPSTREAM_CALLS} at once; nothing else
     *     may wait for its threads
     * @param addresses finds the address that rate limits and address rules are about
     * @param settings what the node's configuration says
     * @param stores the database
     * @param snapshots the options in effect
     * @param cookies writes login cookies
     * @param tester tests channels
     * @param providers what is known about channel types
     * @param books audits the books
     * @param client fetches lists of models from upstreams
     * @param callsUnderWay how many calls the relay is serving
     * @param changes told about every committed change
     * @param ledger this node's quota ledger
     * @param membership this node's place among those that share its database
     * @param clock dates rows and judges expiries
     */
    public AdminApi(
            WorkerExecutor workers,
            WorkerExecutor upstreamWorkers,
            ClientAddress addresses,
            AdminSettings settings,
            Stores stores,
            Snapshots snapshots,
            LoginCookies cookies,
            ChannelTester tester,
            ProviderFacts providers,
            BooksAudit books,
            HttpClient client,
            IntSupplier callsUnderWay,
            Changes changes,
            LedgerControl ledger,
            Membership membership,
            InstantSource clock) {
        this.workers = workers;
        this.upstreamCalls = new UpstreamCalls(upstreamWorkers, UPSTREAM_CALLS);
        this.addresses = addresses;
        this.settings = settings;
        this.stores = stores;
        this.options = new ConsoleOptions(snapshots);
        this.logins = new Logins(cookies, stores.logins(), stores.users(), clock);
        this.accessTokens = new AccessTokens(stores.users(), stores.accessTokens(), clock);
        this.tester = tester;
        this.providers = providers;
        this.books = books;
        this.client = client;
        this.callsUnderWay = callsUnderWay;
        this.changes = new AfterCommit(stores.database(), changes);
        this.ledger = ledger;
        this.membership = membership;
        this.clock = clock;
    }

    /**
     * Adds the routes; to be called once, before the routes of the console.
     *
     * @param door lets callers in
     * @param writes decides which node does what an administrator wants changed
     * @return does here what other nodes hand over
     */
    public WriteDesk mount(Router router, Doorkeeper door, WriteRoute writes) {
        RateLimits limits = new RateLimits(settings.global(), settings.critical(), System::nanoTime);
        Admittance admittance = new Admittance(logins, accessTokens);
        AdminRoutes routes = new AdminRoutes(
                router, workers, upstreamCalls, admittance, limits, addresses, new Messages(), door, writes);
        TwoFactorStore secondFactors = new TwoFactorStore(stores.database());
        KeyHolders holders = new KeyHolders(stores.tokens(), stores.users());
        Audit audit = new Audit(stores.audit());
        UserQuota quota = new UserQuota(stores.balances(), stores.logs(), clock);

        new StatusResource(options, stores.setup(), settings, callsUnderWay).mount(routes);
        new SetupResource(stores.setup(), passwords, settings, changes).mount(routes);
        new PricingResource(options, admittance, providers).mount(routes);
        new LoginResource(stores.users(), secondFactors, logins, passwords, options, limits).mount(routes);
        new SecondFactorResource(secondFactors).mount(routes);
        new SelfResource(stores.users(), logins, accessTokens, passwords, stores, changes).mount(routes);
        new UserSettingResource(stores.users(), stores, changes).mount(routes);
        new AccessTokenResource(accessTokens, clock).mount(routes);
        new GroupResource(options, providers).mount(routes);
        new UserResource(stores.users(), quota, passwords, options, stores, audit, changes).mount(routes);
        new UserActions(stores.users(), quota, logins, accessTokens, stores, audit, changes).mount(routes);
        new TokenResource(stores.tokens(), new TokenView(settings.tokenKeysMasked()), options, changes, clock)
                .mount(routes);
        new ChannelListResource(stores.channels()).mount(routes);
        new ChannelUpstreamResource(stores.channels(), tester, new UpstreamModels(client), providers).mount(routes);
        new ChannelResource(stores.channels(), stores, audit, changes).mount(routes);
        new ChannelTagResource(stores.channels(), stores, audit, changes).mount(routes);
        new MultiKeyResource(stores.channels(), stores, audit, changes, clock).mount(routes);
        new OptionResource(stores.options(), options, stores, audit, changes).mount(routes);
        new LogResource(stores.logs(), stores.channels(), holders, audit).mount(routes);
        new BooksResource(books, audit).mount(routes);
        new UsageDataResource(new HourlyUsageStore(stores.database()), clock).mount(routes);
        new KeyUsageResource(holders, options).mount(routes);
        new LedgerResource(new LedgerStore(stores.database()), ledger, audit, clock).mount(routes);
        new ClusterResource(membership, settings).mount(routes);
        routes.unknownPathsBelow("/api");
        return new WriteDesk(routes);
    }
}
