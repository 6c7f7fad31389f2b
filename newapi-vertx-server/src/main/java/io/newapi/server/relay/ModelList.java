package io.newapi.server.relay;

import io.newapi.core.access.AccessPolicy;
import io.newapi.core.channel.Channel;
import io.newapi.core.pricing.QuoteOutcome;
import io.newapi.server.auth.Caller;
import io.newapi.server.relay.provider.EndpointTypes;
import io.newapi.server.relay.provider.ProviderCatalog;
import io.newapi.server.relay.wire.ModelNames;
import io.newapi.server.relay.wire.RelayError;
import io.newapi.server.snapshot.GatewaySnapshot;
import io.newapi.server.snapshot.Snapshots;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists the models that a key may use: served by a channel of its groups, allowed by its limits, and priced. Answers in
 * the format of whoever asks. Thread-safe.
 */
public final class ModelList {

    private static final Logger LOG = LoggerFactory.getLogger(ModelList.class);

    private final Exchanges exchanges;
    private final Entrance entrance;
    private final Supplier<GatewaySnapshot> world;
    private final ProviderCatalog providers;

    /** Wires the stage. */
    public ModelList(Exchanges exchanges, Entrance entrance, Snapshots snapshots, ProviderCatalog providers) {
        this(exchanges, entrance, snapshots::current, providers);
    }

    /** Wires the stage. */
    ModelList(Exchanges exchanges, Entrance entrance, Supplier<GatewaySnapshot> world, ProviderCatalog providers) {
        this.exchanges = exchanges;
        this.entrance = entrance;
        this.world = world;
        this.providers = providers;
    }

    /** Answers with all models. */
    public Future<Void> all(HttpServerRequest request) {
        return answer(request, (names, models) -> names.list(models));
    }

    /** Answers with one model, or 404. */
    public Future<Void> one(HttpServerRequest request, String model) {
        return answer(request, (names, models) -> {
            List<String> endpoints = models.get(model);
            if (endpoints == null) {
                throw new RelayFailure(new RelayError(
                        404,
                        "invalid_request_error",
                        "model_not_found",
                        "model",
                        "The model '" + model + "' does not exist or this key may not use it",
                        0));
            }
            return names.single(model, endpoints);
        });
    }

    /** Renders the models of a key. */
    @FunctionalInterface
    private interface Rendering {
        Buffer render(ModelNames format, SortedMap<String, List<String>> models);
    }

    private Future<Void> answer(HttpServerRequest request, Rendering rendering) {
        Exchange exchange = exchanges.begin(request);
        GatewaySnapshot now = world.get();
        return entrance.admit(exchange, now)
                .map(admitted -> rendering.render(ModelNames.of(exchange.format()), models(now, admitted)))
                .onSuccess(body -> {
                    if (!exchange.clientGone()) {
                        exchange.response()
                                .putHeader("Content-Type", "application/json; charset=utf-8")
                                .end(body);
                    }
                })
                .<Void>mapEmpty()
                .recover(failure -> {
                    exchange.fail(
                            failure instanceof RelayFailure known ? known.error() : unexpected(exchange, failure));
                    return Future.<Void>succeededFuture();
                })
                .onComplete(done -> exchanges.end(exchange));
    }

    private static RelayError unexpected(Exchange exchange, Throwable failure) {
        LOG.error("request {}: the models cannot be listed", exchange.requestId(), failure);
        return RelayError.own(500, "internal_error", "the models cannot be listed now");
    }

    private SortedMap<String, List<String>> models(GatewaySnapshot world, Entrance.Admitted admitted) {
        Caller caller = admitted.caller();
        Map<String, Set<Integer>> types = new TreeMap<>();
        for (String group : admitted.groups().groups()) {
            for (String model : world.channels().models(group)) {
                boolean allowed = AccessPolicy.trustingLedger()
                        .denyModel(caller.token(), model)
                        .isEmpty();
                if (allowed && isServed(world, group, model) && isPriced(world, caller, group, model)) {
                    types.computeIfAbsent(model, name -> new TreeSet<>()).addAll(typesServing(world, group, model));
                }
            }
        }
        SortedMap<String, List<String>> models = new TreeMap<>();
        types.forEach((model, of) -> models.put(model, EndpointTypes.of(model, of, providers)));
        return models;
    }

    private static Set<Integer> typesServing(GatewaySnapshot world, String group, String model) {
        return world.channels().candidates(group, model).stream()
                .map(Channel::type)
                .collect(Collectors.toSet());
    }

    /** Whether some channel of a type that this node speaks to serves it. */
    private boolean isServed(GatewaySnapshot world, String group, String model) {
        return world.channels().candidates(group, model).stream()
                .anyMatch(channel -> providers.ofType(channel.type()).isPresent());
    }

    private static boolean isPriced(GatewaySnapshot world, Caller caller, String group, String model) {
        return world.prices()
                        .quote(
                                model,
                                caller.user().group(),
                                group,
                                caller.user().acceptsUnpricedModels())
                instanceof QuoteOutcome.Quoted;
    }
}
