package io.newapi.core.quota;

import io.newapi.core.quota.ReserveOutcome.Reserved;
import io.newapi.core.quota.ReserveOutcome.Unavailable;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A ledger that goes on under a new writer when its old one was ended by others: because it was silent for too long, or
 * because the authority has forgotten it. Calls under way still settle into the old journal, which the old ledger books
 * to its end; new calls reserve from the new one at once.
 *
 * <p>Thread-safe.
 */
public final class RenewedLedger implements QuotaLedger {

    private static final int RETRY_AFTER_SECONDS = 2;

    private final Supplier<CompletionStage<LeasedLedger>> opener;
    private final AtomicReference<CompletableFuture<Void>> oldOnes =
            new AtomicReference<>(CompletableFuture.completedFuture(null));
    private final AtomicReference<@Nullable CompletableFuture<LeasedLedger>> renewal = new AtomicReference<>();
    private volatile LeasedLedger current;
    private volatile boolean closing;

    private RenewedLedger(Supplier<CompletionStage<LeasedLedger>> opener, LeasedLedger first) {
        this.opener = opener;
        this.current = first;
    }

    /**
     * Opens the first ledger.
     *
     * @param opener opens a ledger for a new writer with a new journal, each time it is asked
     */
    public static CompletionStage<RenewedLedger> open(Supplier<CompletionStage<LeasedLedger>> opener) {
        return opener.get().thenApply(first -> new RenewedLedger(opener, first));
    }

    @Override
    public CompletionStage<ReserveOutcome> reserve(Payer payer, Quota amount) {
        LeasedLedger ledger = current;
        return ledger.wasEnded() && !closing
                ? reserveAfterRenewal(ledger, payer, amount)
                : ledger.reserve(payer, amount);
    }

    private CompletionStage<ReserveOutcome> reserveAfterRenewal(LeasedLedger ended, Payer payer, Quota amount) {
        CompletableFuture<ReserveOutcome> outcome = new CompletableFuture<>();
        renewed(ended)
                .thenCompose(next -> next.reserve(payer, amount))
                .exceptionally(RenewedLedger::refused)
                .thenAccept(reached -> {
                    // what a caller who is gone cannot take goes back
                    if (!outcome.complete(reached) && reached instanceof Reserved held) {
                        held.reservation().release();
                    }
                });
        return outcome;
    }

    @Override
    public Reservation unchecked(Payer payer) {
        return current.unchecked(payer);
    }

    /**
     * Says that the balance of an account was changed elsewhere, or that somebody needs what is idle here: the next
     * exchange follows at once.
     */
    public void poke() {
        current.poke();
    }

    /** Why nothing at all is reserved now, for the operator; empty while calls are served. Never waits. */
    public Optional<String> obstacle() {
        return current.obstacle();
    }

    /** Whether the present ledger was ended by others or by a failure, and no new one could be opened since. */
    public boolean isEnded() {
        return current.wasEnded();
    }

    /**
     * Opens a new ledger where the present one was ended, as the next call would: for a node that gets no call as long as it
     * serves none. Does nothing otherwise.
     *
     * @return fails if no new ledger can be opened now
     */
    public CompletionStage<Void> renew() {
        LeasedLedger ledger = current;
        return ledger.wasEnded() && !closing
                ? renewed(ledger).thenAccept(next -> {})
                : CompletableFuture.completedFuture(null);
    }

    /** Of how many accounts the present writer holds a slice, or did a moment ago. */
    public int accounts() {
        return current.accounts();
    }

    /** How many reservations of the present writer are neither settled nor released. */
    public long openReservations() {
        return current.openReservations();
    }

    @Override
    public CompletionStage<Void> close() {
        closing = true;
        CompletableFuture<LeasedLedger> underWay = renewal.get();
        CompletionStage<LeasedLedger> last =
                underWay == null ? CompletableFuture.completedFuture(current) : underWay.exceptionally(e -> current);
        return last.thenCompose(LeasedLedger::close).thenCompose(closed -> oldOnes.get());
    }

    /** The ledger that follows {@code ended}; all who ask for it wait for one. */
    private CompletionStage<LeasedLedger> renewed(LeasedLedger ended) {
        CompletableFuture<LeasedLedger> mine = new CompletableFuture<>();
        CompletableFuture<LeasedLedger> present = renewal.compareAndExchange(null, mine);
        if (present != null) {
            return present;
        }
        if (current != ended) {
            renewal.set(null);
            return CompletableFuture.completedFuture(current);
        }
        opened().whenComplete((next, failure) -> {
            if (next != null) {
                current = next;
                retire(ended);
            }
            renewal.set(null);
            if (next != null) {
                mine.complete(next);
            } else {
                mine.completeExceptionally(failure);
            }
        });
        return mine;
    }

    private CompletionStage<LeasedLedger> opened() {
        try {
            return opener.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Books the rest of an old ledger beside the new one. What cannot be booked now stays in its journal. */
    private void retire(LeasedLedger ended) {
        CompletableFuture<?> end =
                ended.close().handle((done, failure) -> ended).toCompletableFuture();
        oldOnes.updateAndGet(
                others -> others.isDone() ? CompletableFuture.allOf(end) : CompletableFuture.allOf(others, end));
    }

    private static ReserveOutcome refused(Throwable failure) {
        return new Unavailable("no new ledger could be opened: " + failure.getMessage(), RETRY_AFTER_SECONDS);
    }
}
