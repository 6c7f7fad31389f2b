package io.newapi.server.relay;

import io.newapi.core.access.AccessPolicy;
import io.newapi.core.access.Admission;
import io.newapi.core.access.TokenQuota;
import io.newapi.core.pricing.ImageOrder;
import io.newapi.core.pricing.Price;
import io.newapi.core.pricing.Quote;
import io.newapi.core.pricing.QuoteOutcome;
import io.newapi.core.pricing.expression.EvaluationException;
import io.newapi.core.pricing.expression.RequestFacts;
import io.newapi.core.quota.Payer;
import io.newapi.core.quota.Quota;
import io.newapi.core.quota.QuotaLedger;
import io.newapi.core.quota.Reservation;
import io.newapi.server.auth.Caller;
import io.newapi.server.relay.wire.ClientRequest;
import io.newapi.server.relay.wire.Content;
import io.newapi.server.relay.wire.RelayError;
import io.newapi.server.snapshot.GatewaySnapshot;
import io.newapi.server.snapshot.Snapshots;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a call of a model through the node: authenticate and admit, read, price, reserve, relay (again, elsewhere, while
 * nothing was sent), settle. Whatever happens, the reservation is closed exactly once.
 *
 * <p>One instance serves one event loop.
 */
public final class RelayPipeline {

    private static final AccessPolicy POLICY = AccessPolicy.trustingLedger();
    private static final Logger LOG = LoggerFactory.getLogger(RelayPipeline.class);
    private static final int READERS = 2;

    private final Vertx vertx;
    private final Exchanges exchanges;
    private final Entrance entrance;
    private final Supplier<GatewaySnapshot> world;
    private final QuotaLedger ledger;
    private final Attempts attempts;
    private final RelaySettings settings;
    /** Shared by all event loops: a text in a body is held for a moment, and so few may be read at a time. */
    private final WorkerExecutor readers;

    /** Wires the stages. */
    public RelayPipeline(
            Vertx vertx,
            Exchanges exchanges,
            Entrance entrance,
            Snapshots snapshots,
            QuotaLedger ledger,
            Attempts attempts,
            RelaySettings settings) {
        this(vertx, exchanges, entrance, snapshots::current, ledger, attempts, settings);
    }

    /** Wires the stages. */
    RelayPipeline(
            Vertx vertx,
            Exchanges exchanges,
            Entrance entrance,
            Supplier<GatewaySnapshot> world,
            QuotaLedger ledger,
            Attempts attempts,
            RelaySettings settings) {
        this.vertx = vertx;
        this.exchanges = exchanges;
        this.entrance = entrance;
        this.world = world;
        this.ledger = ledger;
        this.attempts = attempts;
        this.settings = settings;
        this.readers = vertx.createSharedWorkerExecutor("newapi-large-bodies", READERS);
    }

    /**
     * Serves one request; the future ends with the call and never fails.
     *
     * @param reading looks at its body
     */
    public Future<Void> serve(HttpServerRequest request, Reading reading) {
        return served(
                request,
                (exchange, now, admitted) -> body(exchange, reading)
                        .compose(understood -> price(exchange, now, admitted, understood))
                        .compose(this::reserve)
                        .compose(this::relay));
    }

    /** Serves a chat completion of the console's playground: whoever is logged in there pays. */
    public Future<Void> play(HttpServerRequest request) {
        return exchanged(
                request,
                (exchange, now) -> entrance.loggedIn(exchange)
                        .compose(user -> RequestBody.read(vertx, exchange, settings.maxBodyBytes())
                                .compose(body -> vertx.executeBlocking(() -> Playground.read(body), false))
                                .compose(played -> entrance.admit(played.caller(user), exchange, now)
                                        .compose(admitted -> price(exchange, now, admitted, played.request())))
                                .compose(this::reserve)
                                .compose(this::relay)));
    }

    /** Serves a live connection; otherwise the same. */
    public Future<Void> connect(HttpServerRequest request) {
        return served(
                request,
                (exchange, now, admitted) -> RealtimeAttempt.asked(exchange.request())
                        .match(
                                understood -> price(exchange, now, admitted, understood)
                                        .compose(this::reserve)
                                        .compose(this::relay),
                                RelayPipeline::refuse));
    }

    /**
     * Answers how many text units a request has, as clients ask beforehand; it costs nothing.
     *
     * @param field the only one of the answer
     */
    public Future<Void> countTokens(HttpServerRequest request, Reading reading, String field) {
        return served(
                request,
                (exchange, now, admitted) -> body(exchange, reading).compose(understood -> {
                    Optional<Admission.Denied> denied =
                            POLICY.denyModel(admitted.caller().token(), understood.model());
                    if (denied.isPresent()) {
                        return refuse(Refusals.of(denied.get()));
                    }
                    if (!exchange.clientGone()) {
                        exchange.response()
                                .putHeader("Content-Type", "application/json; charset=utf-8")
                                .end("{\"" + field + "\":" + understood.estimatedPromptTokens() + "}");
                    }
                    return Future.succeededFuture();
                }));
    }

    /** Looks at a body. */
    @FunctionalInterface
    public interface Reading {
        /** What came of it. May be called by any thread, so that a large body holds nobody up. */
        ClientRequest.Scan read(Content body);
    }

    /** What is done for somebody who was let in. */
    private interface Work {
        Future<Void> of(Exchange exchange, GatewaySnapshot now, Entrance.Admitted admitted);
    }

    /** What is done with a request. */
    private interface Serving {
        Future<Void> of(Exchange exchange, GatewaySnapshot now);
    }

    private Future<Void> served(HttpServerRequest request, Work work) {
        return exchanged(
                request,
                (exchange, now) -> entrance.admit(exchange, now).compose(admitted -> work.of(exchange, now, admitted)));
    }

    private Future<Void> exchanged(HttpServerRequest request, Serving serving) {
        request.pause();
        Exchange exchange = exchanges.begin(request);
        return serving.of(exchange, world.get())
                .recover(failure -> {
                    exchange.fail(errorOf(exchange, failure));
                    return Future.succeededFuture();
                })
                .onComplete(done -> {
                    exchange.memory().close();
                    removeFiles(exchange);
                    exchanges.end(exchange);
                });
    }

    private void removeFiles(Exchange exchange) {
        if (!exchange.disk().isEmpty()) {
            vertx.executeBlocking(
                            () -> {
                                exchange.disk().close();
                                return exchange;
                            },
                            false)
                    .onFailure(e -> LOG.error("request {}: its files are not removed", exchange.requestId(), e));
        }
    }

    private Future<Void> relay(Call call) {
        Future<Void> relayed;
        try {
            relayed = attempts.run(call);
        } catch (RuntimeException e) {
            relayed = Future.failedFuture(e);
        }
        return relayed.onComplete(done -> call.reservation().close());
    }

    /** A call whose price is known. */
    private record Priced(
            Exchange exchange,
            GatewaySnapshot world,
            Caller caller,
            ClientRequest request,
            RequestFacts facts,
            String group,
            Quote quote) {}

    private Future<ClientRequest> body(Exchange exchange, Reading reading) {
        return RequestBody.read(vertx, exchange, settings.maxBodyBytes())
                .compose(body -> scan(body, reading))
                .compose(scan ->
                        scan.match(Future::succeededFuture, refused -> Future.failedFuture(new RelayFailure(refused))));
    }

    /** A large body is looked at elsewhere, so that the other calls of this event loop do not wait for it. */
    private Future<ClientRequest.Scan> scan(Content body, Reading reading) {
        if (!body.inMemory()) {
            return readers.executeBlocking(() -> reading.read(body), false);
        }
        return body.length() < RelaySettings.LARGE_BYTES
                ? Future.succeededFuture(reading.read(body))
                : vertx.executeBlocking(() -> reading.read(body), false);
    }

    private Future<Priced> price(
            Exchange exchange, GatewaySnapshot world, Entrance.Admitted admitted, ClientRequest request) {
        Caller caller = admitted.caller();
        // who may choose the channel may use whatever it serves
        Optional<Admission.Denied> denied = caller.pinnedChannel().isPresent()
                ? Optional.empty()
                : POLICY.denyModel(caller.token(), request.model());
        if (denied.isPresent()) {
            return refuse(Refusals.of(denied.get()));
        }
        Optional<String> group = groupServing(world, admitted, request);
        if (group.isEmpty()) {
            List<String> groups = admitted.groups().groups();
            return refuse(
                    attempts.speakTo(world.channels(), groups, request.model())
                            ? Refusals.notServed(request.model())
                            : Refusals.noChannel(String.join(", ", groups), request.model()));
        }
        QuoteOutcome quoted = world.prices()
                .quote(
                        request.model(),
                        caller.user().group(),
                        group.get(),
                        caller.user().acceptsUnpricedModels());
        if (quoted instanceof QuoteOutcome.Quoted it) {
            // a price expression may ask for what stands in the request
            RequestFacts facts = request.facts(exchange.request()::getHeader);
            Quote quote = it.quote().forRequest(facts);
            return Future.succeededFuture(new Priced(exchange, world, caller, request, facts, group.get(), quote));
        }
        return refuse(Refusals.unpriced(request.model()));
    }

    private Optional<String> groupServing(GatewaySnapshot world, Entrance.Admitted admitted, ClientRequest request) {
        List<String> groups = admitted.groups().groups();
        return admitted.caller().pinnedChannel().isPresent()
                ? groups.stream().findFirst()
                : attempts.groupServing(world.channels(), groups, request.model(), request.format());
    }

    private Future<Call> reserve(Priced priced) {
        Payer payer = payer(priced.caller());
        if (priced.quote().free() && !priced.world().options().freeModelsPreConsume()) {
            return Future.succeededFuture(call(priced, ledger.unchecked(payer)));
        }
        return amount(priced)
                .compose(
                        amount -> Future.fromCompletionStage(ledger.reserve(payer, amount), vertx.getOrCreateContext()))
                .compose(outcome -> outcome.match(
                        reserved -> Future.succeededFuture(call(priced, reserved.reservation())),
                        insufficient -> refuse(Refusals.insufficient(insufficient.account())),
                        closed -> refuse(Refusals.accountClosed(closed.account())),
                        unavailable -> refuse(Refusals.busy(unavailable))));
    }

    /**
     * What to hold. An expression may read a body again, and a large one is not read here: also what only the charge may
     * ask is looked up now, and remembered.
     */
    private Future<Quota> amount(Priced priced) {
        if (priced.quote().price() instanceof Price.Tiered tiered
                && priced.request().bytes() >= RelaySettings.LARGE_BYTES) {
            return vertx.executeBlocking(
                    () -> {
                        lookUp(tiered.expression().params(), priced.facts());
                        return amountNow(priced);
                    },
                    false);
        }
        try {
            return Future.succeededFuture(amountNow(priced));
        } catch (RelayFailure refused) {
            return Future.failedFuture(refused);
        }
    }

    private static void lookUp(Set<String> paths, RequestFacts facts) {
        for (String path : paths) {
            try {
                facts.param(path);
            } catch (IllegalArgumentException ambiguous) {
                // said if it is asked
            }
        }
    }

    private static Quota amountNow(Priced priced) {
        ClientRequest request = priced.request();
        try {
            ImageOrder images = request.images();
            return images == null
                    ? priced.quote().reservation(request.estimatedPromptTokens(), request.maxCompletionTokens())
                    : priced.quote().reservation(request.estimatedPromptTokens(), images);
        } catch (EvaluationException e) {
            throw new RelayFailure(Refusals.withoutValue(request.model(), e));
        } catch (ArithmeticException e) {
            throw new RelayFailure(Refusals.tooExpensive(request.model()));
        }
    }

    private static Call call(Priced priced, Reservation reservation) {
        return new Call(
                priced.exchange(),
                priced.caller(),
                priced.request(),
                priced.world(),
                priced.group(),
                priced.quote(),
                reservation,
                System.nanoTime());
    }

    private static Payer payer(Caller caller) {
        long user = caller.user().id();
        long token = caller.token().id();
        if (token == 0) {
            return Payer.user(user);
        }
        return caller.token().quota() instanceof TokenQuota.Unlimited
                ? Payer.unlimitedToken(user, token)
                : Payer.limitedToken(user, token);
    }

    private static <T> Future<T> refuse(RelayError error) {
        return Future.failedFuture(new RelayFailure(error));
    }

    private static RelayError errorOf(Exchange exchange, Throwable failure) {
        if (failure instanceof RelayFailure known) {
            return known.error();
        }
        if (!exchange.clientGone()) {
            LOG.error("request {} failed unexpectedly", exchange.requestId(), failure);
        }
        return Refusals.internal();
    }
}
