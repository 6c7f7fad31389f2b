package io.newapi.core.quota;

import java.util.Set;

/** Keeps a listener's exceptions, and what its libraries lack, away from the ledger. Written out method by method, so that a call allocates nothing. */
final class ContainedListener implements LedgerListener {

    /** Needs no containment. */
    static final LedgerListener NONE = new LedgerListener() {
        @Override
        public String toString() {
            return "LedgerListener.none()";
        }
    };

    private final LedgerListener listener;

    private ContainedListener(LedgerListener listener) {
        this.listener = listener;
    }

    static LedgerListener of(LedgerListener listener) {
        return listener == NONE ? NONE : new ContainedListener(listener);
    }

    @Override
    public void reserved(Payer payer, long units) {
        try {
            listener.reserved(payer, units);
        } catch (RuntimeException | LinkageError | AssertionError e) {
            report(e);
        }
    }

    @Override
    public void refused(Payer payer, ReserveOutcome refusal) {
        try {
            listener.refused(payer, refusal);
        } catch (RuntimeException | LinkageError | AssertionError e) {
            report(e);
        }
    }

    @Override
    public void settled(Payer payer, long heldUnits, Settlement settlement) {
        try {
            listener.settled(payer, heldUnits, settlement);
        } catch (RuntimeException | LinkageError | AssertionError e) {
            report(e);
        }
    }

    @Override
    public void released(Payer payer, long units) {
        try {
            listener.released(payer, units);
        } catch (RuntimeException | LinkageError | AssertionError e) {
            report(e);
        }
    }

    @Override
    public void exchanged(long nanos, int entries, ExchangeOutcome outcome) {
        try {
            listener.exchanged(nanos, entries, outcome);
        } catch (RuntimeException | LinkageError | AssertionError e) {
            report(e);
        }
    }

    @Override
    public void resynced(boolean answered) {
        try {
            listener.resynced(answered);
        } catch (RuntimeException | LinkageError | AssertionError e) {
            report(e);
        }
    }

    @Override
    public void recalled(Set<Account> accounts) {
        try {
            listener.recalled(accounts);
        } catch (RuntimeException | LinkageError | AssertionError e) {
            report(e);
        }
    }

    @Override
    public void ended(String reason) {
        try {
            listener.ended(reason);
        } catch (RuntimeException | LinkageError | AssertionError e) {
            report(e);
        }
    }

    private static void report(Throwable failure) {
        Thread current = Thread.currentThread();
        try {
            current.getUncaughtExceptionHandler().uncaughtException(current, failure);
        } catch (RuntimeException fromHandler) {
            // the machine ignores those too; a call that was charged must not fail for it
            failure.addSuppressed(fromHandler);
        }
    }
}
