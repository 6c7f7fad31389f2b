package io.newapi.core.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.quota.ReserveOutcome.Insufficient;
import io.newapi.core.quota.ReserveOutcome.Reserved;
import io.newapi.core.quota.ShakyAuthority.Fault;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ledger under real threads: whatever their order, the sums are exact. */
@Timeout(120)
class LedgerConcurrencyTest {

    private static final Account BALANCE = Account.user(1);
    private static final Payer TOKEN = Payer.limitedToken(1, 11);
    private static final Account LIMIT = Account.token(11);

    private final InMemoryQuotaAuthority balances = new InMemoryQuotaAuthority();

    @Test
    void aTokenThatPaysForTenCallsPaysForTenOfTwoHundred() {
        credit(BALANCE, 10_000);
        credit(LIMIT, 10);
        LeasedLedger ledger = LeasedLedger.inMemory(balances);

        List<ReserveOutcome> first = Threads.together(200, () -> done(ledger.reserve(TOKEN, Quota.of(1))));

        List<Reservation> held = reservations(first);
        assertThat(held).hasSize(10);
        assertThat(refusedFor(first, LIMIT)).isEqualTo(190);

        held.subList(0, 4).forEach(Reservation::release);
        held.subList(4, 10).forEach(call -> call.settle(Settlement.of("call", Quota.of(1))));
        List<ReserveOutcome> second = Threads.together(200, () -> done(ledger.reserve(TOKEN, Quota.of(1))));

        assertThat(reservations(second)).hasSize(4);
        assertThat(refusedFor(second, LIMIT)).isEqualTo(196);
        reservations(second).forEach(call -> call.settle(Settlement.of("call", Quota.of(1))));
        done(ledger.close());
        expect(LIMIT, 0, 10);
        expect(BALANCE, 9_990, 10);
    }

    @Test
    void reservingMoreThanACallCostsPaysForExactlyTenWhenRefusedCallsAreRepeated() {
        long cost = 5;
        long reserved = 8;
        credit(BALANCE, 1_000);
        credit(LIMIT, 10 * cost + reserved - cost);
        LeasedLedger ledger = LeasedLedger.inMemory(balances);
        AtomicLong paid = new AtomicLong();

        Threads.together(24, () -> {
            while (paid.get() < 10) {
                ReserveOutcome outcome = done(ledger.reserve(TOKEN, Quota.of(reserved)));
                if (outcome instanceof Reserved it) {
                    paid.incrementAndGet();
                    assertThat(it.reservation().settle(Settlement.of("call", Quota.of(cost))))
                            .isTrue();
                } else {
                    assertThat(outcome).isEqualTo(new Insufficient(LIMIT, Quota.of(reserved)));
                }
            }
            return paid.get();
        });

        assertThat(paid).hasValue(10);
        assertThat(done(ledger.reserve(TOKEN, Quota.of(reserved)))).isInstanceOf(Insufficient.class);
        done(ledger.close());
        expect(LIMIT, reserved - cost, 10 * cost);
    }

    @Test
    void aUserWhoIsSharedByFiveTokensIsNeverOverspent() {
        credit(BALANCE, 100);
        for (int token = 1; token <= 5; token++) {
            credit(Account.token(token), 40);
        }
        LeasedLedger ledger = LeasedLedger.inMemory(balances);
        AtomicLong turn = new AtomicLong();
        AtomicLongArray perToken = new AtomicLongArray(6);

        List<Long> held = Threads.together(20, () -> {
            int token = 1 + (int) (turn.getAndIncrement() % 5);
            long mine = 0;
            for (int i = 0; i < 30; i++) {
                if (done(ledger.reserve(Payer.limitedToken(1, token), Quota.of(1))) instanceof Reserved) {
                    perToken.incrementAndGet(token);
                    mine++;
                }
            }
            return mine;
        });

        assertThat(held.stream().mapToLong(Long::longValue).sum()).isEqualTo(100);
        for (int token = 1; token <= 5; token++) {
            assertThat(perToken.get(token)).isBetween(0L, 40L);
        }
    }

    @Test
    void anExhaustedTokenTakesNothingFromItsUserNotEvenForAMoment() {
        LedgerUnderTest it = new LedgerUnderTest().user(1, 1).token(11, 0).token(12, 1);
        Payer other = Payer.limitedToken(1, 12);
        it.reserved(other, 1).release();
        AtomicLong turn = new AtomicLong();
        AtomicLong working = new AtomicLong(1);

        Threads.together(3, () -> {
            if (turn.getAndIncrement() == 0) {
                for (int i = 0; i < 20_000; i++) {
                    Reservation call = it.ledger.tryReserve(other, 1);
                    if (call == null) {
                        throw new AssertionError("try " + i + " met a moment without the user's quota");
                    }
                    call.release();
                }
                working.decrementAndGet();
            } else {
                while (working.get() > 0 && turn.get() < 1_000_000) {
                    turn.incrementAndGet();
                    assertThat(it.ledger.tryReserve(TOKEN, 1)).isNull();
                }
            }
            return true;
        });
    }

    @Test
    void aReservationEndsOnceHoweverManyEndIt() {
        credit(BALANCE, 1_000);
        LeasedLedger ledger = LeasedLedger.inMemory(balances);
        long charged = 0;
        for (int i = 0; i < 50; i++) {
            Reservation call = reservations(List.of(done(ledger.reserve(Payer.user(1), Quota.of(10)))))
                    .get(0);
            AtomicLong turn = new AtomicLong();
            List<Boolean> ended = Threads.together(
                    4,
                    () -> turn.getAndIncrement() % 2 == 0
                            ? call.settle(Settlement.of("call", Quota.of(3)))
                            : call.release());
            assertThat(ended).containsOnlyOnce(true);
            charged += call.state() == Reservation.State.SETTLED ? 3 : 0;
        }

        done(ledger.close());
        expect(BALANCE, 1_000 - charged, charged);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void noUnitIsLostUnderThreadsAndFaults(long seed) throws InterruptedException {
        Random faults = new Random(seed);
        ShakyAuthority authority = new ShakyAuthority(balances);
        ScheduledExecutorService teller = Executors.newSingleThreadScheduledExecutor();
        LedgerSettings settings = new LedgerSettings(
                Duration.ofMillis(2),
                Duration.ofMillis(20),
                Duration.ofSeconds(60),
                Duration.ofMillis(30),
                Duration.ofMillis(300),
                Duration.ZERO);
        UsageJournal journal = new MemoryJournal(WriterId.random(new SecureRandom()));
        LeasedLedger ledger = done(LeasedLedger.open(authority, journal, LedgerClock.system(), teller, settings));
        authority.otherwise(() -> switch (faults.nextInt(12)) {
            case 0 -> Fault.NOT_APPLIED;
            case 1 -> Fault.LOST_BEFORE;
            case 2 -> Fault.LOST_AFTER;
            case 3 -> Fault.THROWS;
            default -> Fault.NONE;
        });
        for (int user = 1; user <= 3; user++) {
            credit(Account.user(user), 3_000);
            credit(Account.token(10 + user), 2_500);
        }
        AtomicLongArray charged = new AtomicLongArray(20);
        AtomicLong turn = new AtomicLong(seed * 1_000);

        Threads.together(8, () -> {
            SplittableRandom random = new SplittableRandom(turn.getAndIncrement());
            for (int i = 0; i < 150; i++) {
                int user = 1 + random.nextInt(3);
                boolean limited = random.nextBoolean();
                Payer payer = limited ? Payer.limitedToken(user, 10 + user) : Payer.user(user);
                CompletableFuture<ReserveOutcome> asked =
                        ledger.reserve(payer, Quota.of(random.nextInt(12))).toCompletableFuture();
                if (random.nextInt(20) == 0) {
                    asked.cancel(false);
                    if (asked.isCancelled()) {
                        continue;
                    }
                }
                if (done(asked) instanceof Reserved it) {
                    if (random.nextInt(4) == 0) {
                        assertThat(it.reservation().release()).isTrue();
                    } else {
                        long units = random.nextInt(14);
                        assertThat(it.reservation().settle(Settlement.of("call", Quota.of(units))))
                                .isTrue();
                        charged.addAndGet(user, units);
                        charged.addAndGet(10 + user, limited ? units : 0);
                    }
                }
            }
            return true;
        });

        authority.calm();
        done(ledger.close());
        assertThat(ledger.openReservations()).isZero();
        for (int user = 1; user <= 3; user++) {
            expect(Account.user(user), 3_000 - charged.get(user), charged.get(user));
            expect(Account.token(10 + user), 2_500 - charged.get(10 + user), charged.get(10 + user));
        }
        teller.shutdownNow();
        assertThat(teller.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void slicesThatAreReturnedAndForgottenUnderLoadLoseNothing() {
        LedgerUnderTest it = new LedgerUnderTest().user(1, 100_000).token(11, 90_000);
        AtomicLong charged = new AtomicLong();
        AtomicLong working = new AtomicLong(4);
        AtomicLong turn = new AtomicLong();

        Threads.together(5, () -> {
            if (turn.getAndIncrement() == 0) {
                while (working.get() > 0) {
                    it.advance(LedgerUnderTest.SETTINGS.idleReturn().plusSeconds(2));
                }
                return true;
            }
            for (int i = 0; i < 3_000; i++) {
                if (done(it.ask(TOKEN, 5)) instanceof Reserved call) {
                    long units = i % 8;
                    it.settle(call.reservation(), units);
                    charged.addAndGet(units);
                }
            }
            working.decrementAndGet();
            return true;
        });

        it.closeAndExpect(BALANCE, 100_000 - charged.get(), charged.get());
        it.closeAndExpect(LIMIT, 90_000 - charged.get(), charged.get());
    }

    @Test
    void closingWhileCallsComeAndGoLosesNothing() {
        for (int round = 0; round < 30; round++) {
            Account account = Account.user(100 + round);
            Payer payer = Payer.user(100 + round);
            credit(account, 1_000);
            LeasedLedger ledger = LeasedLedger.inMemory(balances);
            AtomicLong turn = new AtomicLong();
            AtomicLong charged = new AtomicLong();

            Threads.together(4, () -> {
                if (turn.getAndIncrement() == 0) {
                    return done(ledger.close().thenApply(closed -> true));
                }
                for (int i = 0; i < 50; i++) {
                    if (done(ledger.reserve(payer, Quota.of(3))) instanceof Reserved it) {
                        it.reservation().settle(Settlement.of("call", Quota.of(2)));
                        charged.addAndGet(2);
                    }
                }
                return true;
            });

            Threads.until("all charges booked", () -> balances.charged(account).units() == charged.get());
            expect(account, 1_000 - charged.get(), charged.get());
        }
    }

    private void credit(Account account, long units) {
        balances.credit(account, Quota.of(units));
    }

    private void expect(Account account, long balance, long charged) {
        assertThat(balances.leased(account)).as("leased of %s", account).isEqualTo(Quota.ZERO);
        assertThat(balances.charged(account)).as("charged to %s", account).isEqualTo(Quota.of(charged));
        assertThat(balances.balance(account)).as("balance of %s", account).isEqualTo(new QuotaBalance(balance));
    }

    private static List<Reservation> reservations(List<ReserveOutcome> outcomes) {
        return outcomes.stream()
                .filter(Reserved.class::isInstance)
                .map(outcome -> ((Reserved) outcome).reservation())
                .toList();
    }

    private static long refusedFor(List<ReserveOutcome> outcomes, Account account) {
        return outcomes.stream()
                .filter(outcome ->
                        outcome instanceof Insufficient small && small.account().equals(account))
                .count();
    }

    private static <T> T done(CompletionStage<T> stage) {
        return QuotaAuthorityContract.done(stage);
    }
}
