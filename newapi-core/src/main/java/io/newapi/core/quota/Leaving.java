package io.newapi.core.quota;

import io.newapi.core.quota.QuotaAuthority.ExchangeFailure;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * How a ledger comes to its end.
 *
 * <pre>
 *   SERVING --begin--> LEAVING --closed by the authority--> CLOSED --all is booked and stored, none open--> SEALED
 *                      LEAVING, CLOSED --no progress for a while--> given up, though what is left goes on being tried
 * </pre>
 *
 * <p>{@link #begin}, {@link #end}, {@link #fail}, {@link #isUnderWay} and {@link #isSealed} may be called by any thread;
 * everything else belongs to the teller's.
 */
final class Leaving {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final LeasedLedger ledger;
    private final UsageJournal journal;
    private final Booking booking;
    private final Following following;
    private final CompletableFuture<Void> left = new CompletableFuture<>();

    private volatile boolean begun;
    private volatile boolean sealed;
    private boolean closed;
    private boolean waitedFor;
    private long lastProgressNanos;
    private @Nullable Throwable lastFailure;

    Leaving(LeasedLedger ledger, UsageJournal journal, Booking booking, Following following) {
        this.ledger = ledger;
        this.journal = journal;
        this.booking = booking;
        this.following = following;
    }

    void begin() {
        begun = true;
    }

    boolean isUnderWay() {
        return begun;
    }

    /** Completed when everything is done, or it was given up. */
    CompletionStage<Void> end() {
        return left.copy();
    }

    void fail(Throwable why) {
        left.completeExceptionally(why);
    }

    /** The authority has closed the writer: what is settled now is booked as a late charge. */
    void closed() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    /** Whether the journal was deleted, so that nothing can be settled any more. */
    boolean isSealed() {
        return sealed;
    }

    void progressed(long nowNanos) {
        lastProgressNanos = nowNanos;
    }

    /** Remembers what went wrong last, for whoever asks why it could not be ended. */
    void hinderedBy(@Nullable Throwable failure) {
        lastFailure = failure;
    }

    /**
     * Does of the end what can be done now. With reservations that are still open the journal stays, and nobody waits for
     * them; for the follower they do.
     */
    void finish() {
        seal();
        if (booking.isForgotten() && booking.isBehind()) {
            fail(new IllegalStateException("the authority does not know writer " + journal.writer()
                    + "; what it settled was not booked, its journal is kept"));
        } else if (sealed || booking.isForgotten() || !following.isBehind()) {
            left.complete(null);
        }
    }

    /**
     * Deletes the journal when everything in it is booked and stored, and nobody can add to it. Reservations that are open
     * when the ledger is closed keep it: what they settle is booked as a late charge, by this teller or by the next
     * recovery.
     */
    private void seal() {
        if (!isDrained()) {
            return;
        }
        sealed = true;
        // looked at again, now that whoever comes later sees the seal
        if (!isDrained()) {
            sealed = false;
            return;
        }
        try {
            journal.delete();
        } catch (JournalFailure e) {
            // it is booked to its end: the next recovery finds nothing to do but to delete what is left
            hinderedBy(e);
        }
    }

    private boolean isDrained() {
        // in this order: a reservation is counted until what it settled is recorded
        return ledger.openReservations() == 0 && booking.isDrained();
    }

    /** Tells those who wait for the end when there was no progress for too long. */
    void giveUpWithoutProgress(long nowNanos) {
        if (!begun || left.isDone()) {
            return;
        }
        if (!waitedFor) {
            waitedFor = true;
            progressed(nowNanos);
        }
        if (nowNanos - lastProgressNanos >= PATIENCE.toNanos()) {
            Throwable failed = closed ? following.lastFailure() : lastFailure;
            Throwable why = failed != null ? failed : new TimeoutException("no answer for " + PATIENCE);
            fail(new ExchangeFailure(
                    closed
                            ? "writer " + journal.writer()
                                    + " is booked and closed, but not all that stands in its journal"
                                    + " could be stored; the journal is kept, and the rest stored when it is next opened"
                            : "the ledger of writer " + journal.writer()
                                    + " could not be closed; its journal is kept and booked when it is next opened",
                    true,
                    why));
        }
    }
}
