package io.newapi.server.relay;

import io.newapi.core.pricing.AudioCall;
import io.newapi.core.pricing.CallUse;
import io.newapi.core.pricing.Price;
import io.newapi.core.quota.Quota;
import io.newapi.core.quota.QuotaLedger;
import io.newapi.core.quota.Reservation;
import io.newapi.server.relay.wire.MeteredUsage;
import io.newapi.server.relay.wire.RelayError;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The quota that is held for a live connection. It grows with what the turns cost, so that a user or a key whose quota is used up
 * is stopped before the next turn: what is held covers all turns so far, and one more that costs what the last did, or what was
 * held in the beginning if that is more. All of it is settled at once, on the reservation of the call; what was held beside that is
 * then given back.
 *
 * <p>Confined to the connection's event loop.
 */
final class RealtimeHold {

    private final Call call;
    private final QuotaLedger ledger;
    private final Vertx vertx;
    private final List<Reservation> grown = new ArrayList<>();
    private long heldUnits;
    private long spentUnits;
    private boolean released;

    RealtimeHold(Call call, QuotaLedger ledger, Vertx vertx) {
        this.call = call;
        this.ledger = ledger;
        this.vertx = vertx;
        this.heldUnits = call.reservation().held().units();
    }

    /**
     * Holds more if another turn needs it; not to be called again before that is done.
     *
     * @param soFar what the turns took
     * @return what to tell the client if there is no more; the future never fails
     */
    Future<Optional<RelayError>> cover(MeteredUsage soFar) {
        if (call.quote().price() instanceof Price.PerCall) {
            return covered();
        }
        long wanted;
        try {
            long spent = call.quote()
                    .chargeAudio(AudioCall.REALTIME, CallUse.of(soFar.usage()), soFar.audio())
                    .quota()
                    .units();
            long next = Math.max(call.reservation().held().units(), spent - spentUnits);
            spentUnits = spent;
            wanted = Math.addExact(spent, next);
        } catch (ArithmeticException e) {
            return Future.succeededFuture(
                    Optional.of(Refusals.tooExpensive(call.request().model())));
        }
        return call.quote().free() || wanted <= heldUnits ? covered() : hold(wanted - heldUnits);
    }

    private Future<Optional<RelayError>> hold(long moreUnits) {
        return Future.fromCompletionStage(
                        ledger.reserve(call.reservation().payer(), Quota.of(moreUnits)), vertx.getOrCreateContext())
                .map(outcome -> outcome.match(
                        reserved -> {
                            add(reserved.reservation());
                            return Optional.<RelayError>empty();
                        },
                        insufficient -> Optional.of(Refusals.insufficient(insufficient.account())),
                        closed -> Optional.of(Refusals.accountClosed(closed.account())),
                        unavailable -> Optional.of(Refusals.busy(unavailable))))
                .otherwise(failure -> Optional.of(Refusals.internal()));
    }

    private void add(Reservation more) {
        if (released) {
            more.close();
        } else {
            grown.add(more);
            heldUnits += more.held().units();
        }
    }

    private static Future<Optional<RelayError>> covered() {
        return Future.succeededFuture(Optional.empty());
    }

    /** Gives back what was held beside the reservation of the call, when that was settled. */
    void release() {
        released = true;
        grown.forEach(Reservation::close);
        grown.clear();
    }
}
