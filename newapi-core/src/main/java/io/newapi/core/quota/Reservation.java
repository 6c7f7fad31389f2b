package io.newapi.core.quota;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Quota held for one call. It ends exactly once: by {@link #settle} or by {@link #release}; the first wins.
 *
 * <pre>
 *   HELD --settle--> SETTLED
 *   HELD --release or close--> RELEASED
 * </pre>
 *
 * <p>Thread-safe. Use in a try block: a reservation that was not settled is released when it is closed.
 */
public final class Reservation implements AutoCloseable {

    /** Where a reservation stands. */
    public enum State {
        /** The quota is held. */
        HELD,
        /** The call was charged. */
        SETTLED,
        /** Nothing was charged, the quota was given back. */
        RELEASED
    }

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Reservation.class, "state", State.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final LeasedLedger ledger;
    private final Payer payer;
    private final Account user;
    private final @Nullable Account limit;
    private final long heldUnits;

    @SuppressWarnings("FieldMayBeFinal") // changed through STATE
    private volatile State state = State.HELD;

    /** @param limit the token's account, if something is held on it */
    Reservation(LeasedLedger ledger, Payer payer, Account user, @Nullable Account limit, long heldUnits) {
        this.ledger = ledger;
        this.payer = payer;
        this.user = user;
        this.limit = limit;
        this.heldUnits = heldUnits;
    }

    /** Who pays. */
    public Payer payer() {
        return payer;
    }

    Account user() {
        return user;
    }

    @Nullable
    Account limit() {
        return limit;
    }

    long heldUnits() {
        return heldUnits;
    }

    /** What is, or was, held. */
    public Quota held() {
        return Quota.of(heldUnits);
    }

    /** Where it stands now. */
    public State state() {
        return state;
    }

    /**
     * Charges what the call used and returns the rest. The charge is in the journal when this returns; it may exceed
     * what was held, and is then charged in full. Should the journal fail, the charge waits in memory until it can be
     * written, and the ledger reserves nothing meanwhile.
     *
     * @return whether this call settled it; false when it had ended already, and nothing was charged
     */
    public boolean settle(Settlement settlement) {
        if (!STATE.compareAndSet(this, State.HELD, State.SETTLED)) {
            return false;
        }
        ledger.settled(this, settlement);
        return true;
    }

    /** Gives back all that is held, without a charge. Does nothing when it had ended already. */
    public boolean release() {
        if (!STATE.compareAndSet(this, State.HELD, State.RELEASED)) {
            return false;
        }
        ledger.released(this);
        return true;
    }

    /** Releases, unless it was settled. */
    @Override
    public void close() {
        release();
    }

    @Override
    public String toString() {
        return "Reservation[" + payer + ", " + heldUnits + " units, " + state + "]";
    }
}
