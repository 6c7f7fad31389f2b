package io.newapi.core.quota;

import static io.newapi.core.quota.LedgerUnderTest.assertInsufficient;
import static io.newapi.core.quota.LedgerUnderTest.assertUnavailable;
import static io.newapi.core.quota.LedgerUnderTest.now;
import static io.newapi.core.quota.LedgerUnderTest.reservation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.newapi.core.quota.ReserveOutcome.Insufficient;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a ledger does with quota, in a time that passes only when a test says so. */
class LeasedLedgerTest {

    private static final Payer USER = Payer.user(1);
    private static final Account BALANCE = Account.user(1);
    private static final Payer TOKEN = Payer.limitedToken(1, 11);
    private static final Account LIMIT = Account.token(11);

    private final LedgerUnderTest it = new LedgerUnderTest();

    // ---- reserve, settle, release ----

    @Test
    void whatACallUsedIsCharged() {
        it.user(1, 100);

        it.settle(it.reserved(USER, 10), 10);

        it.closeAndExpect(BALANCE, 90, 10);
    }

    @Test
    void settlingLessThanReservedReturnsTheDifference() {
        it.user(1, 10);

        it.settle(it.reserved(USER, 10), 4);

        it.reserved(USER, 6);
        assertInsufficient(it.reserve(USER, 1), BALANCE);
    }

    @Test
    void settlingMoreThanReservedIsChargedInFull() {
        it.user(1, 20);
        it.token(11, 15);

        it.settle(it.reserved(TOKEN, 10), 25);

        assertInsufficient(it.reserve(TOKEN, 1), BALANCE);
        it.closeAndExpect(BALANCE, -5, 25);
        assertThat(it.balances.balance(LIMIT)).isEqualTo(new QuotaBalance(-10));
    }

    @Test
    void releasingReturnsEverythingAndChargesNothing() {
        it.user(1, 10);

        assertThat(it.reserved(USER, 10).release()).isTrue();

        it.reserved(USER, 10).close();
        it.closeAndExpect(BALANCE, 10, 0);
    }

    @Test
    void aReservationEndsOnceWhoeverComesFirst() {
        it.user(1, 100);
        Reservation settled = it.reserved(USER, 10);
        Reservation released = it.reserved(USER, 10);
        it.settle(settled, 7);
        released.release();

        assertThat(settled.settle(Settlement.of("again", Quota.of(7)))).isFalse();
        assertThat(settled.release()).isFalse();
        assertThat(released.settle(Settlement.of("late", Quota.of(7)))).isFalse();
        assertThat(released.release()).isFalse();
        assertThat(it.ledger.openReservations()).isZero();
        it.closeAndExpect(BALANCE, 93, 7);
    }

    @Test
    void aReservationOfNothingHoldsOneUnit() {
        it.user(1, 1);

        it.reserved(USER, 0);

        assertInsufficient(it.reserve(USER, 0), BALANCE);
    }

    @Test
    void anUncheckedReservationAsksNoBalanceAndIsChargedAllTheSame() {
        it.user(1, 5);

        Reservation unchecked = it.ledger.unchecked(USER);
        it.settle(unchecked, 8);

        it.closeAndExpect(BALANCE, -3, 8);
    }

    @Test
    void anUnlimitedTokenIsCountedButNotAsked() {
        it.user(1, 100);

        it.settle(it.reserved(Payer.unlimitedToken(1, 11), 10), 6);

        it.closeAndExpect(BALANCE, 94, 6);
        assertThat(it.balances.charged(LIMIT)).isEqualTo(Quota.of(6));
    }

    @Test
    void noReservationIsTooLargeToBeRefused() {
        it.user(1, 100);
        it.ledger.unchecked(USER).settle(Settlement.of("free", Quota.of(Settlement.MAX_CHARGE_UNITS)));

        assertInsufficient(it.reserve(USER, Long.MAX_VALUE), BALANCE);
    }

    @Test
    void aChargeBeyondAllMeasureIsRefused() {
        Quota tooMuch = Quota.of(Settlement.MAX_CHARGE_UNITS + 1);

        assertThatThrownBy(() -> Settlement.of("call", tooMuch))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(tooMuch.toString());
    }

    // ---- the journal comes first ----

    @Test
    void theChargeIsInTheJournalWhenSettleReturns() {
        it.user(1, 100);
        Reservation reservation = it.reserved(USER, 10);

        it.settle(reservation, 3);

        assertThat(it.journal.read(0, 10).entries())
                .extracting(JournalEntry::units)
                .containsExactly(3L);
        assertThat(it.balances.charged(BALANCE)).isEqualTo(Quota.ZERO);
    }

    @Test
    void anOverageIsSubtractedBeforeTheAppendAndWhatIsLeftOverAddedAfterIt() {
        it.user(1, 100);
        it.reserved(USER, 5).release();
        Reservation over = it.reserved(USER, 5);
        Reservation under = it.reserved(USER, 5);
        long free = it.free(BALANCE);
        List<Long> freeAtAppend = new ArrayList<>();
        it.journal.onAppend(entry -> freeAtAppend.add(it.free(BALANCE)));

        it.settle(over, 7);
        it.settle(under, 1);

        assertThat(freeAtAppend).containsExactly(free - 2, free - 2);
        assertThat(it.free(BALANCE)).isEqualTo(free + 2);
    }

    @Test
    void aChargeThatCannotBeJournalledIsNotLostAndStopsReserving() {
        it.user(1, 100);
        Reservation reservation = it.reserved(USER, 10);
        it.journal.failing(true);
        it.settle(reservation, 6);

        assertUnavailable(it.reserve(USER, 1));
        it.advance(Duration.ofSeconds(1));
        assertUnavailable(it.reserve(USER, 1));
        it.journal.failing(false);
        it.advance(Duration.ofSeconds(1));

        it.reserved(USER, 1).release();
        it.closeAndExpect(BALANCE, 94, 6);
    }

    @Test
    void aJournalWithoutRoomStopsReservingButNotSettling() {
        it.user(1, 100);
        Reservation reservation = it.reserved(USER, 10);
        it.journal.full(true);

        assertUnavailable(it.reserve(USER, 1));
        it.settle(reservation, 6);
        it.journal.full(false);

        it.reserved(USER, 1).release();
        it.closeAndExpect(BALANCE, 94, 6);
    }

    // ---- user and token ----

    @Test
    void aTokenThatIsShortLeavesTheUserUntouched() {
        it.user(1, 100);
        it.token(11, 5);

        assertInsufficient(it.reserve(TOKEN, 6), LIMIT);

        it.reserved(USER, 100);
    }

    @Test
    void aUserWhoIsShortLeavesTheTokenUntouched() {
        it.user(1, 5);
        it.token(11, 100);

        assertInsufficient(it.reserve(TOKEN, 6), BALANCE);
        it.balances.credit(BALANCE, Quota.of(95));

        it.reserved(TOKEN, 100);
    }

    @Test
    void aShortTokenIsGivenNothingOfTheUserEvenWhenBothWereAtHand() {
        it.user(1, 100);
        it.token(11, 20);
        it.reserved(TOKEN, 20).release();
        it.reserved(USER, 50).release();
        long userFree = it.free(BALANCE);

        assertInsufficient(it.reserve(TOKEN, 21), LIMIT);

        assertThat(it.free(BALANCE)).isGreaterThanOrEqualTo(userFree);
        it.reserved(USER, 100);
    }

    @Test
    void whatWasTakenOfTheUserGoesBackWhenTheTokenWasDrainedInTheMeantime() {
        it.user(1, 100);
        it.token(11, 10);
        it.reserved(TOKEN, 10).release();
        long userFree = it.free(BALANCE);
        it.ledger.cell(LIMIT).take(10);

        assertThat(it.ledger.takeBoth(TOKEN, BALANCE, LIMIT, 10)).isNull();

        assertThat(it.free(LIMIT)).isZero();
        assertThat(it.free(BALANCE)).isEqualTo(userFree);
        assertThat(it.ledger.openReservations()).isZero();
    }

    @Test
    void aCellThatIsBeingForgottenTakesNoUnitsWithIt() {
        it.user(1, 100);
        assertThat(it.ledger.cell(BALANCE).retireIfEmpty()).isTrue();

        it.settle(it.ledger.unchecked(USER), 5);
        assertThat(it.free(BALANCE)).isEqualTo(-5);

        it.reserved(USER, 95).release();
        assertInsufficient(it.reserve(USER, 96), BALANCE);
    }

    @Test
    void aClosedAccountIsSaidToBeClosed() {
        it.user(1, 100);
        it.token(11, 100);
        it.balances.disable(LIMIT);

        assertThat(it.reserve(TOKEN, 1)).isEqualTo(new ReserveOutcome.Closed(LIMIT));
        assertThat(it.reserve(Payer.user(77), 1)).isEqualTo(new ReserveOutcome.Closed(Account.user(77)));
    }

    @Test
    void aRefusalSaysWhatWasWanted() {
        it.user(1, 5);

        assertThat(it.reserve(USER, 6)).isEqualTo(new Insufficient(BALANCE, Quota.of(6)));
    }

    @Test
    void aCreditIsSpentByTheNextCall() {
        it.user(1, 5);
        assertInsufficient(it.reserve(USER, 6), BALANCE);

        it.balances.credit(BALANCE, Quota.of(1));

        it.reserved(USER, 6);
    }

    // ---- waiting ----

    @Test
    void whoWaitsIsServedInOrder() {
        it.user(1, 8);
        it.authority.next(ShakyAuthority.Fault.HANGS);
        CompletableFuture<ReserveOutcome> first = it.ask(USER, 4);
        it.time.run();
        CompletableFuture<ReserveOutcome> second = it.ask(USER, 4);
        CompletableFuture<ReserveOutcome> third = it.ask(USER, 4);

        it.authority.resume();
        it.time.run();

        reservation(now(first));
        reservation(now(second));
        assertInsufficient(now(third), BALANCE);
    }

    @Test
    void whoWaitsIsServedFromWhatAnotherCallGivesBack() {
        it.user(1, 10);
        Reservation holder = it.reserved(USER, 10);
        it.authority.always(ShakyAuthority.Fault.NOT_APPLIED);
        CompletableFuture<ReserveOutcome> waiting = it.ask(USER, 7);
        it.time.run();
        assertThat(waiting).isNotDone();

        holder.release();
        it.time.run();

        reservation(now(waiting));
    }

    @Test
    void whatComesBackWhileTheAuthorityIsAskedIsNoReasonToRefuse() {
        it.user(1, 10);
        Reservation holder = it.reserved(USER, 10);
        it.authority.next(ShakyAuthority.Fault.HANGS);
        CompletableFuture<ReserveOutcome> waiting = it.ask(USER, 10);
        it.time.run();
        it.settle(holder, 0);

        it.authority.resume();
        it.time.run();

        reservation(now(waiting));
    }

    @Test
    void partOfItComingBackMeanwhileIsAReasonToAskAgain() {
        it.user(1, 10);
        Reservation holder = it.reserved(USER, 4);
        assertThat(it.balances.leased(BALANCE)).isEqualTo(Quota.of(5));
        it.authority.next(ShakyAuthority.Fault.HANGS);
        CompletableFuture<ReserveOutcome> waiting = it.ask(USER, 10);
        it.time.run();
        holder.release();

        it.authority.resume();
        it.time.run();

        reservation(now(waiting));
    }

    @Test
    void aCallerWhoIsCancelledWhileItIsServedLeaksNoHold() {
        it.user(1, 10);
        it.authority.next(ShakyAuthority.Fault.HANGS);
        CompletableFuture<ReserveOutcome> waiting = it.ask(USER, 10);
        it.time.run();
        it.time.atEveryReading(() -> {
            if (it.ledger.openReservations() > 0) {
                waiting.cancel(false);
            }
        });

        it.authority.resume();
        it.time.run();

        it.time.readingsAreOfNoInterest();
        assertThat(waiting).isCancelled();
        assertThat(it.ledger.openReservations()).isZero();
        it.reserved(USER, 10);
    }

    @Test
    void aCancelledCallerLeaksNoHold() {
        it.user(1, 10);
        it.authority.next(ShakyAuthority.Fault.HANGS);
        CompletableFuture<ReserveOutcome> cancelledWhileSent = it.ask(USER, 10);
        it.time.run();
        CompletableFuture<ReserveOutcome> cancelledInLine = it.ask(USER, 10);
        cancelledWhileSent.cancel(false);
        cancelledInLine.cancel(false);

        it.authority.resume();
        it.time.run();

        assertThat(it.ledger.openReservations()).isZero();
        it.reserved(USER, 10).release();
        it.closeAndExpect(BALANCE, 10, 0);
    }

    @Test
    void quotaHeldByAnotherWriterIsWaitedForAndThenNotDenied() {
        it.user(1, 10);
        otherWriterHolds(10);
        int before = it.authority.exchanges();

        CompletableFuture<ReserveOutcome> waiting = it.ask(USER, 5);
        it.advance(LedgerUnderTest.SETTINGS.patience().plusMillis(300));

        assertUnavailable(now(waiting));
        assertThat(it.authority.exchanges() - before)
                .as("exchanges while waiting")
                .isBetween(3, 20);
    }

    @Test
    void quotaThatAnotherWriterReturnsInTimeIsGranted() {
        it.user(1, 10);
        WriterId other = otherWriterHolds(10);
        CompletableFuture<ReserveOutcome> waiting = it.ask(USER, 5);
        it.advance(Duration.ofSeconds(1));
        assertThat(waiting).isNotDone();

        now(it.balances.finishClose(other));
        it.advance(Duration.ofMillis(200));

        reservation(now(waiting));
    }

    @Test
    void aPokeAsksAgainAtOnce() {
        it.user(1, 10);
        WriterId other = otherWriterHolds(10);
        CompletableFuture<ReserveOutcome> waiting = it.ask(USER, 5);
        it.advance(Duration.ofSeconds(1));
        now(it.balances.finishClose(other));

        it.ledger.poke();
        it.time.run();

        reservation(now(waiting));
    }

    @Test
    void aPokeIsAnExchangeEvenWhenNothingIsToBeSaid() {
        int before = it.authority.exchanges();

        it.ledger.poke();
        it.time.run();

        assertThat(it.authority.exchanges()).isEqualTo(before + 1);
    }

    @Test
    void moreCallersThanFitIntoOneExchangeAreAllAnswered() {
        it.user(1, 1_200);
        it.authority.next(ShakyAuthority.Fault.HANGS);
        List<CompletableFuture<ReserveOutcome>> callers = new ArrayList<>();
        for (int i = 0; i < 1_300; i++) {
            callers.add(it.ask(USER, 1));
        }
        it.time.run();
        it.authority.resume();
        it.advance(Duration.ofMillis(1));

        assertThat(callers).allMatch(CompletableFuture::isDone);
        assertThat(callers.stream().filter(caller -> now(caller) instanceof ReserveOutcome.Reserved))
                .hasSize(1_200);
    }

    // ---- booking in time ----

    @Test
    void settlementsAreBookedTogetherAfterTheBookingDelay() {
        it.user(1, 100);
        List<Reservation> calls = List.of(it.reserved(USER, 5), it.reserved(USER, 5), it.reserved(USER, 5));
        int before = it.authority.exchanges();
        calls.forEach(call -> it.settle(call, 5));

        it.time.run();
        assertThat(it.authority.exchanges()).isEqualTo(before);
        it.advance(LedgerUnderTest.SETTINGS.bookingDelay());

        assertThat(it.authority.exchanges()).isEqualTo(before + 1);
        assertThat(it.balances.charged(BALANCE)).isEqualTo(Quota.of(15));
    }

    @Test
    void moreSettlementsThanFitIntoOneExchangeAreAllBooked() {
        it.user(1, 2_000);
        for (int i = 0; i < 1_234; i++) {
            it.settle(it.ledger.unchecked(USER), 1);
        }

        it.advance(LedgerUnderTest.SETTINGS.bookingDelay());

        assertThat(it.balances.charged(BALANCE)).isEqualTo(Quota.of(1_234));
    }

    @Test
    void anIdleLedgerSendsHeartbeatsOnly() {
        it.user(1, 100);
        it.advance(Duration.ofSeconds(1));
        int before = it.authority.exchanges();

        it.advance(LedgerUnderTest.SETTINGS.heartbeat().multipliedBy(4));

        assertThat(it.authority.exchanges() - before).isBetween(3, 4);
    }

    @Test
    void idleSlicesAreReturned() {
        it.user(1, 100);
        it.reserved(USER, 10).release();
        assertThat(it.balances.leased(BALANCE).units()).isPositive();

        it.advance(LedgerUnderTest.SETTINGS.idleReturn().plusSeconds(2));

        assertThat(it.balances.leased(BALANCE)).isEqualTo(Quota.ZERO);
        assertThat(it.ledger.allCells()).isEmpty();
        it.reserved(USER, 100);
    }

    @Test
    void whatIsReservedIsNotReturnedHoweverLongTheCallTakes() {
        it.user(1, 100);
        Reservation call = it.reserved(USER, 10);

        it.advance(Duration.ofMinutes(10));
        assertThat(it.balances.leased(BALANCE)).isEqualTo(Quota.of(10));
        it.settle(call, 10);
        it.advance(Duration.ofMinutes(1));

        assertThat(it.balances.leased(BALANCE)).isEqualTo(Quota.ZERO);
        assertThat(it.balances.balance(BALANCE)).isEqualTo(new QuotaBalance(90));
    }

    @Test
    void accountsThatAreNoLongerUsedAreForgotten() {
        for (int user = 1; user <= 50; user++) {
            it.user(user, 100);
            it.settle(it.reserved(Payer.user(user), 10), 13);
            it.reserve(Payer.user(1_000 + user), 1);
        }

        it.advance(LedgerUnderTest.SETTINGS.idleReturn().plusSeconds(5));

        assertThat(it.ledger.allCells()).isEmpty();
    }

    // ---- the lease ----

    @Test
    void aSliceIsNotSpentWhenTheLeaseHasExpired() {
        it.user(1, 100);
        it.reserved(USER, 10).release();
        it.authority.always(ShakyAuthority.Fault.NOT_APPLIED);
        it.advance(Duration.ofSeconds(5));
        it.reserved(USER, 1).release();

        it.advance(LedgerUnderTest.SETTINGS.lease());
        CompletableFuture<ReserveOutcome> late = it.ask(USER, 1);
        it.advance(Duration.ofSeconds(3));

        assertUnavailable(now(late));
        assertThat(it.ledger.openReservations()).isZero();
    }

    @Test
    void aMachineThatSleptPastItsLeaseAsksFirst() {
        asksFirstWhenTheWallClockJumps(LedgerUnderTest.SETTINGS.lease());
    }

    @Test
    void aMachineThatForgotTheTimeOfDayAsksFirst() {
        asksFirstWhenTheWallClockJumps(Duration.ofDays(-1));
    }

    private void asksFirstWhenTheWallClockJumps(Duration by) {
        it.user(1, 100);
        it.reserved(USER, 10).release();
        int before = it.authority.exchanges();
        it.time.jumpWallClock(by);

        CompletableFuture<ReserveOutcome> outcome = it.ask(USER, 1);

        assertThat(outcome).isNotDone();
        it.time.run();
        reservation(now(outcome));
        assertThat(it.authority.exchanges()).isEqualTo(before + 1);
        reservation(now(it.ask(USER, 1)));
    }

    @Test
    void withoutADeadlineAWallClockThatIsSetBackIsNoReasonToAsk() {
        LedgerUnderTest strict = new LedgerUnderTest(LedgerUnderTest.SETTINGS.withLease(LedgerSettings.NO_DEADLINE));
        strict.user(1, 100);
        strict.reserved(USER, 10).release();
        strict.time.jumpWallClock(Duration.ofDays(-1));

        reservation(now(strict.ask(USER, 1)));
    }

    @Test
    void aCallThatIsUnderWaySettlesAfterTheLease() {
        it.user(1, 100);
        Reservation call = it.reserved(USER, 10);
        it.authority.always(ShakyAuthority.Fault.NOT_APPLIED);
        it.advance(LedgerUnderTest.SETTINGS.lease().plusSeconds(10));

        it.settle(call, 8);
        it.authority.always(ShakyAuthority.Fault.NONE);

        it.advance(Duration.ofSeconds(5));
        it.closeAndExpect(BALANCE, 92, 8);
    }

    // ---- writers that are not open ----

    @Test
    void aLedgerThatWasClosedByAnotherReservesNothingAndBooksWhatIsSettled() {
        it.user(1, 100);
        Reservation call = it.reserved(USER, 10);
        now(it.balances.beginClose(it.journal.writer()));
        now(it.balances.finishClose(it.journal.writer()));
        it.advance(LedgerUnderTest.SETTINGS.heartbeat().plusSeconds(1));

        assertUnavailable(it.reserve(USER, 1));
        it.settle(call, 8);

        it.closeAndExpect(BALANCE, 92, 8);
    }

    @Test
    void aLedgerThatTheAuthorityForgotKeepsItsJournalAndDoesNotSpin() {
        ShakyAuthority counted = new ShakyAuthority(new InMemoryQuotaAuthority());
        counted.forgetRegistrations();
        WatchedJournal journal = new WatchedJournal(WriterId.random(new SecureRandom()));
        LeasedLedger ledger = now(LeasedLedger.open(counted, journal, it.time, it.time, LedgerSettings.DEFAULT));
        ledger.unchecked(USER).settle(Settlement.of("call", Quota.of(4)));

        it.advance(Duration.ofMinutes(2));

        assertThat(counted.exchanges()).isLessThan(5);
        assertUnavailable(now(ledger.reserve(USER, Quota.of(1))));
        CompletableFuture<Void> closed = ledger.close().toCompletableFuture();
        it.advance(Duration.ofMinutes(1));
        assertThat(closed).isCompletedExceptionally();
        assertThat(journal.read(0, 10).entries()).hasSize(1);
        assertThat(journal.isDeleted()).isFalse();
    }

    private WriterId otherWriterHolds(long units) {
        return it.otherWriterHolds(BALANCE, units);
    }
}
