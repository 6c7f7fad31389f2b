package io.newapi.server.relay;

import io.newapi.core.access.AccessPolicy;
import io.newapi.core.access.Admission;
import io.newapi.core.access.GroupChoice;
import io.newapi.server.auth.ApiKey;
import io.newapi.server.auth.Caller;
import io.newapi.server.auth.CallerLookup;
import io.newapi.server.auth.Callers;
import io.newapi.server.relay.wire.RelayError;
import io.newapi.server.snapshot.GatewaySnapshot;
import io.vertx.core.Future;
import java.util.Optional;

/** Finds out who calls and whether they may. Thread-safe. */
public final class Entrance {

    private final Callers callers;

    /** @param callers finds tokens and users by key */
    public Entrance(Callers callers) {
        this.callers = callers;
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
        Optional<ApiKey> key = ApiKey.read(
                exchange.request().path(),
                exchange.request().headers(),
                exchange.request().params());
        if (key.isEmpty()) {
            return refuse(Refusals.noKey());
        }
        return callers.find(key.get()).compose(lookup -> judge(lookup, exchange, world));
    }

    private static Future<Admitted> judge(CallerLookup lookup, Exchange exchange, GatewaySnapshot world) {
        if (!(lookup instanceof CallerLookup.Found found)) {
            return refuse(lookup instanceof CallerLookup.Unknown ? Refusals.unknownKey() : Refusals.storeUnavailable());
        }
        Caller caller = found.caller();
        Admission admission = AccessPolicy.admit(
                caller.user(), caller.token(), world.groups(), exchange.clientAddress(), exchange.startedAt());
        return admission instanceof Admission.Admitted admitted
                ? Future.succeededFuture(new Admitted(caller, admitted.groups()))
                : refuse(Refusals.of((Admission.Denied) admission));
    }

    private static <T> Future<T> refuse(RelayError error) {
        return Future.failedFuture(new RelayFailure(error));
    }
}
