package io.newapi.core.quota;

import static io.newapi.core.quota.LedgerUnderTest.now;
import static io.newapi.core.quota.LedgerUnderTest.reservation;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.quota.ShakyAuthority.Fault;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LedgerListenerTest {

    private static final Payer USER = Payer.user(1);
    private static final Account BALANCE = Account.user(1);

    private final VirtualTime time = new VirtualTime();
    private final InMemoryQuotaAuthority balances = new InMemoryQuotaAuthority();
    private final ShakyAuthority authority = new ShakyAuthority(balances);
    private final List<String> told = new ArrayList<>();

    /** Writes down what it is told; exchanges only when they book something or fail. */
    private class Scribe implements LedgerListener {
        @Override
        public void reserved(Payer payer, long units) {
            told.add("reserved " + units + " of user " + payer.userId());
        }

        @Override
        public void refused(Payer payer, ReserveOutcome refusal) {
            told.add("refused " + refusal.getClass().getSimpleName() + " to user " + payer.userId());
        }

        @Override
        public void settled(Payer payer, long heldUnits, Settlement settlement) {
            told.add("settled " + settlement.charge() + " of " + heldUnits + " as " + settlement.requestId());
        }

        @Override
        public void released(Payer payer, long units) {
            told.add("released " + units);
        }

        @Override
        public void exchanged(long nanos, int entries, ExchangeOutcome outcome) {
            if (entries > 0 || outcome != ExchangeOutcome.APPLIED) {
                told.add("exchanged " + entries + " " + outcome + " in " + Duration.ofNanos(nanos));
            }
        }

        @Override
        public void resynced(boolean answered) {
            told.add(answered ? "resynced" : "not resynced");
        }

        @Override
        public void recalled(Set<Account> accounts) {
            told.add("recalled " + accounts);
        }

        @Override
        public void ended(String reason) {
            told.add("ended: " + reason);
        }
    }

    private LeasedLedger open(LedgerListener listener) {
        UsageJournal journal = new MemoryJournal(WriterId.random(new SecureRandom()));
        balances.credit(BALANCE, Quota.of(100));
        return now(LeasedLedger.open(authority, journal, time, time, LedgerSettings.DEFAULT, listener));
    }

    private ReserveOutcome reserve(LeasedLedger ledger, long units) {
        CompletableFuture<ReserveOutcome> outcome =
                ledger.reserve(USER, Quota.of(units)).toCompletableFuture();
        time.run();
        return now(outcome);
    }

    private void close(LeasedLedger ledger) {
        CompletableFuture<Void> closed = ledger.close().toCompletableFuture();
        time.advance(Duration.ofSeconds(20));
        now(closed);
    }

    @Test
    void aCallIsToldFromItsReservationToItsBooking() {
        LeasedLedger ledger = open(new Scribe());

        Reservation call = reservation(reserve(ledger, 10));
        call.settle(Settlement.of("call-1", Quota.of(12)));
        call.settle(Settlement.of("again", Quota.of(12)));
        call.release();
        time.advance(Duration.ofSeconds(1));
        ledger.unchecked(USER).release();
        close(ledger);

        assertThat(told)
                .containsExactly(
                        "reserved 10 of user 1",
                        "settled 12 of 10 as call-1",
                        "exchanged 1 APPLIED in PT0S",
                        "reserved 0 of user 1",
                        "released 0",
                        "ended: the ledger is closing");
    }

    @Test
    void whoCountsWhatIsOpenedAndEndedKnowsWhatIsOpen() {
        long[] open = new long[1];
        LeasedLedger ledger = open(new LedgerListener() {
            @Override
            public void reserved(Payer payer, long units) {
                open[0]++;
            }

            @Override
            public void settled(Payer payer, long heldUnits, Settlement settlement) {
                open[0]--;
            }

            @Override
            public void released(Payer payer, long units) {
                open[0]--;
            }
        });

        Reservation checked = reservation(reserve(ledger, 10));
        Reservation unchecked = ledger.unchecked(USER);
        assertThat(open[0]).isEqualTo(ledger.openReservations()).isEqualTo(2);

        unchecked.settle(Settlement.of("call-1", Quota.of(1)));
        assertThat(open[0]).isEqualTo(ledger.openReservations()).isEqualTo(1);
        checked.release();
        assertThat(open[0]).isEqualTo(ledger.openReservations()).isZero();
        close(ledger);
    }

    @Test
    void aReservationIsToldOnTheThreadThatOpensItAndOneThatWasAskedForOnTheTellers() {
        List<Thread> threads = new ArrayList<>();
        LeasedLedger ledger = open(new LedgerListener() {
            @Override
            public void reserved(Payer payer, long units) {
                threads.add(Thread.currentThread());
            }

            @Override
            public void refused(Payer payer, ReserveOutcome refusal) {
                threads.add(Thread.currentThread());
            }
        });
        List<Thread> callers = new ArrayList<>();

        onAnotherThread(callers, () -> ledger.reserve(USER, Quota.of(10)));
        time.run();
        onAnotherThread(callers, () -> ledger.reserve(USER, Quota.of(10)));
        onAnotherThread(callers, () -> ledger.reserve(USER, Quota.of(1_000)));
        time.run();
        close(ledger);
        onAnotherThread(callers, () -> ledger.reserve(USER, Quota.of(10)));

        Thread tellers = Thread.currentThread();
        assertThat(threads).containsExactly(tellers, callers.get(1), tellers, callers.get(3));
    }

    private static void onAnotherThread(List<Thread> callers, Runnable call) {
        Thread thread = new Thread(call);
        callers.add(thread);
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Test
    void everyRefusalIsToldWithItsReason() {
        LeasedLedger ledger = open(new Scribe());

        reserve(ledger, 101);
        balances.disable(BALANCE);
        reserve(ledger, 5);
        close(ledger);
        reserve(ledger, 5);

        assertThat(told)
                .containsExactly(
                        "refused Insufficient to user 1",
                        "refused Closed to user 1",
                        "ended: the ledger is closing",
                        "refused Unavailable to user 1");
    }

    @Test
    void aRefusalIsToldBeforeTheCallerGoesOn() {
        LeasedLedger ledger = open(new Scribe());

        ledger.reserve(USER, Quota.of(101)).thenAccept(outcome -> told.add("the caller goes on"));
        time.run();

        assertThat(told).containsExactly("refused Insufficient to user 1", "the caller goes on");
        close(ledger);
    }

    @Test
    void whatBecameOfABadExchangeIsTold() {
        LeasedLedger ledger = open(new Scribe());
        Reservation call = reservation(reserve(ledger, 10));
        told.clear();

        authority.next(Fault.NOT_APPLIED, Fault.LOST_AFTER, Fault.NOT_APPLIED, Fault.NONE);
        call.settle(Settlement.of("call-1", Quota.of(4)));
        time.advance(Duration.ofSeconds(5));

        assertThat(told)
                .containsExactly(
                        "settled 4 of 10 as call-1",
                        "exchanged 1 NOT_APPLIED in PT0S",
                        "exchanged 1 IN_DOUBT in PT0S",
                        "not resynced",
                        "resynced");
        close(ledger);
    }

    @Test
    void aRecallByOthersIsTold() {
        LeasedLedger ledger = open(new Scribe());
        reservation(reserve(ledger, 10)).release();
        told.clear();

        now(balances.recall(WriterId.random(new SecureRandom()), Set.of(BALANCE)));
        ledger.poke();
        time.run();

        assertThat(told).containsExactly("recalled [user 1]");
        close(ledger);
    }

    @Test
    void aListenerThatThrowsChangesNothing() {
        List<Throwable> reported = new ArrayList<>();
        Thread.UncaughtExceptionHandler before = Thread.currentThread().getUncaughtExceptionHandler();
        Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> {
            reported.add(failure);
            throw new IllegalStateException("the handler is broken too");
        });
        try {
            LeasedLedger ledger = open(new Scribe() {
                @Override
                public void reserved(Payer payer, long units) {
                    throw new IllegalStateException("reserved");
                }

                @Override
                public void settled(Payer payer, long heldUnits, Settlement settlement) {
                    throw new IllegalStateException("settled");
                }

                @Override
                public void released(Payer payer, long units) {
                    throw new IllegalStateException("released");
                }

                @Override
                public void refused(Payer payer, ReserveOutcome refusal) {
                    throw new IllegalStateException("refused");
                }

                @Override
                public void exchanged(long nanos, int entries, ExchangeOutcome outcome) {
                    throw new IllegalStateException("exchanged");
                }

                @Override
                public void recalled(Set<Account> accounts) {
                    throw new IllegalStateException("recalled");
                }

                @Override
                public void resynced(boolean answered) {
                    throw new IllegalStateException("resynced");
                }

                @Override
                public void ended(String reason) {
                    throw new IllegalStateException("ended");
                }
            });
            reservation(reserve(ledger, 10)).settle(Settlement.of("call-1", Quota.of(10)));
            reservation(reserve(ledger, 10)).release();
            reserve(ledger, 1_000);
            now(balances.recall(WriterId.random(new SecureRandom()), Set.of(BALANCE)));
            authority.next(Fault.LOST_AFTER);
            ledger.poke();
            time.advance(Duration.ofMinutes(1));
            close(ledger);
        } finally {
            Thread.currentThread().setUncaughtExceptionHandler(before);
        }

        assertThat(balances.charged(BALANCE)).isEqualTo(Quota.of(10));
        assertThat(balances.balance(BALANCE).units()).isEqualTo(90);
        assertThat(balances.leased(BALANCE)).isEqualTo(Quota.ZERO);
        assertThat(reported)
                .extracting(Throwable::getMessage)
                .contains("reserved", "settled", "released", "refused", "exchanged", "resynced", "ended");
    }

    @Test
    void nobodyIsToldThroughNothing() {
        assertThat(ContainedListener.of(LedgerListener.none()))
                .as("no layer between a ledger and nobody")
                .isSameAs(LedgerListener.none());
    }
}
