package io.newapi.server.relay;

import io.newapi.core.access.AccessPolicy;
import io.newapi.core.access.Admission;
import io.newapi.core.access.GroupChoice;
import io.newapi.core.access.User;
import io.newapi.server.auth.ApiKey;
import io.newapi.server.auth.Caller;
import io.newapi.server.auth.Callers;
import io.newapi.server.auth.ConsoleUsers;
import io.newapi.server.relay.wire.RelayError;
import io.newapi.server.snapshot.GatewaySnapshot;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out who calls and whether they may. Thread-safe. */
public final class Entrance {

    private static final Logger LOG = LoggerFactory.getLogger(Entrance.class);

    private static final AccessPolicy POLICY = AccessPolicy.trustingLedger();

    private final Callers callers;
    private final ConsoleUsers console;

    /**
     * @param callers finds tokens and users by key
     * @param console finds who is logged in
     */
    public Entrance(Callers callers, ConsoleUsers console) {
        this.callers = callers;
        this.console = console;
    }

    /**
     * Somebody who may call.
     *
     * @param caller who it is
     * @param groups whose channels may serve the call
     */
    record Admitted(Caller caller, GroupChoice groups) {}

    /** Fails with a {@link RelayFailure} when the key is missing, unknown or not allowed. */
    Future<Admitted> admit(Exchange exchange, GatewaySnapshot world) {
        Optional<ApiKey> key;
        try {
            key = ApiKey.read(
                    exchange.request().path(),
                    exchange.request().headers(),
                    exchange.request().params());
        } catch (IllegalArgumentException e) {
            // the exception quotes the query, and with it perhaps the key: it is not logged
            return refuse(Refusals.unreadableQuery());
        }
        if (key.isEmpty()) {
            return refuse(Refusals.noKey());
        }
        return callers.find(key.get(), exchange.clientAddress())
                .recover(failure -> {
                    LOG.error("request {}: the API key could not be looked up", exchange.requestId(), failure);
                    return refuse(Refusals.storeUnavailable());
                })
                .compose(lookup -> lookup.match(
                        caller -> judge(caller, exchange, world),
                        () -> refuse(Refusals.unknownKey()),
                        () -> refuse(Refusals.tooManyUnknownKeys())));
    }

    /** Who is logged in on the console; fails with a {@link RelayFailure} when nobody is. */
    Future<User> loggedIn(Exchange exchange) {
        MultiMap headers = exchange.request().headers();
        return console.find(headers)
                .recover(failure -> {
                    LOG.error("request {}: the login could not be looked up", exchange.requestId(), failure);
                    return refuse(Refusals.storeUnavailable());
                })
                .compose(user -> user.map(Future::succeededFuture)
                        .orElseGet(() -> refuse(Refusals.notLoggedIn(headers.contains("Authorization")))));
    }

    /** Whether somebody may call who is known already. */
    Future<Admitted> admit(Caller caller, Exchange exchange, GatewaySnapshot world) {
        return judge(caller, exchange, world);
    }

    private static Future<Admitted> judge(Caller caller, Exchange exchange, GatewaySnapshot world) {
        Admission admission = POLICY.admit(
                caller.user(), caller.token(), world.groups(), exchange.clientAddress(), exchange.startedAt());
        Optional<Admission.Denied> pin =
                caller.pinnedChannel().isPresent() ? POLICY.denyPin(caller.user()) : Optional.empty();
        return admission.match(
                admitted -> pin.isPresent()
                        ? refuse(Refusals.of(pin.get()))
                        : Future.succeededFuture(new Admitted(caller, admitted.groups())),
                denied -> refuse(Refusals.of(denied)));
    }

    private static <T> Future<T> refuse(RelayError error) {
        return Future.failedFuture(new RelayFailure(error));
    }
}
