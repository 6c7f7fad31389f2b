package io.newapi.core.quota;

import static io.newapi.core.quota.LedgerUnderTest.assertInsufficient;
import static io.newapi.core.quota.LedgerUnderTest.assertUnavailable;
import static io.newapi.core.quota.LedgerUnderTest.now;
import static io.newapi.core.quota.LedgerUnderTest.reservation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.newapi.core.quota.ShakyAuthority.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of quota when the authority fails, in every way and at every moment. */
class LedgerFailureTest {

    private static final Payer USER = Payer.user(1);
    private static final Account BALANCE = Account.user(1);
    private static final Payer TOKEN = Payer.limitedToken(1, 11);
    private static final Account LIMIT = Account.token(11);

    private final LedgerUnderTest it = new LedgerUnderTest();

    static Stream<List<Fault>> threeFaults() {
        List<Fault> faults = List.of(Fault.NONE, Fault.NOT_APPLIED, Fault.LOST_BEFORE, Fault.LOST_AFTER, Fault.THROWS);
        List<List<Fault>> all = new ArrayList<>();
        for (Fault first : faults) {
            for (Fault second : faults) {
                for (Fault third : faults) {
                    all.add(List.of(first, second, third));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("threeFaults")
    void aReservationThatMeetsFaultsHoldsExactlyOnce(List<Fault> faults) {
        it.user(1, 10).token(11, 10);
        it.authority.next(faults.toArray(new Fault[0]));

        CompletableFuture<ReserveOutcome> outcome = it.ask(TOKEN, 7);
        it.advance(Duration.ofMillis(1_900));

        it.authority.calm();
        Reservation reservation = reservation(now(outcome));
        assertInsufficient(it.reserve(TOKEN, 4), BALANCE);
        it.reserved(TOKEN, 3).release();
        it.settle(reservation, 5);
        it.closeAndExpect(BALANCE, 5, 5);
        it.closeAndExpect(LIMIT, 5, 5);
    }

    @ParameterizedTest
    @MethodSource("threeFaults")
    void settlementsThatMeetFaultsAreBookedExactlyOnce(List<Fault> faults) {
        it.user(1, 100).token(11, 60);
        List<Reservation> calls = List.of(it.reserved(TOKEN, 10), it.reserved(USER, 10), it.reserved(TOKEN, 10));
        it.authority.next(faults.toArray(new Fault[0]));
        it.settle(calls.get(0), 3);
        it.settle(calls.get(1), 10);
        it.settle(calls.get(2), 17);

        it.advance(Duration.ofSeconds(20));

        assertThat(it.balances.charged(BALANCE)).isEqualTo(Quota.of(30));
        assertThat(it.free(BALANCE)).isEqualTo(it.balances.leased(BALANCE).units());
        assertThat(it.free(LIMIT)).isEqualTo(it.balances.leased(LIMIT).units());
        it.closeAndExpect(BALANCE, 70, 30);
        it.closeAndExpect(LIMIT, 40, 20);
    }

    @ParameterizedTest
    @MethodSource("threeFaults")
    void returnsThatMeetFaultsAreCreditedExactlyOnce(List<Fault> faults) {
        it.user(1, 100);
        it.reserved(USER, 10).release();
        it.advance(LedgerUnderTest.SETTINGS.idleReturn().minusSeconds(3));
        it.authority.next(faults.toArray(new Fault[0]));

        it.advance(Duration.ofSeconds(20));
        it.authority.calm();

        assertThat(it.balances.leased(BALANCE)).isEqualTo(Quota.ZERO);
        it.reserved(USER, 100);
        assertInsufficient(it.reserve(USER, 1), BALANCE);
    }

    @ParameterizedTest
    @MethodSource("threeFaults")
    void closingThatMeetsFaultsGivesBackExactlyOnce(List<Fault> faults) {
        it.user(1, 100);
        it.settle(it.reserved(USER, 10), 4);
        it.authority.next(faults.toArray(new Fault[0]));

        it.closeAndExpect(BALANCE, 96, 4);

        assertThat(it.journal.isDeleted()).isTrue();
    }

    @Test
    void anExchangeThatWasNotAppliedGivesItsReturnsBackToTheSlice() {
        it.user(1, 10);
        it.reserved(USER, 10).release();
        it.authority.always(Fault.NOT_APPLIED);
        it.advance(LedgerUnderTest.SETTINGS.idleReturn().plusSeconds(2));

        assertThat(it.free(BALANCE)).isEqualTo(10);
        reservation(it.reserve(USER, 10));
    }

    @Test
    void whileAnExchangeIsInDoubtWhatItOffersIsNeitherSpentNorLost() {
        it.user(1, 10);
        it.reserved(USER, 10).release();
        it.advance(LedgerUnderTest.SETTINGS.idleReturn().minusSeconds(3));
        it.authority.always(Fault.LOST_BEFORE);
        it.advance(Duration.ofSeconds(6));
        CompletableFuture<ReserveOutcome> waiting = it.ask(USER, 10);
        it.time.run();
        assertThat(waiting).isNotDone();

        it.authority.resume();
        it.advance(Duration.ofSeconds(1));

        reservation(now(waiting));
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"NOT_APPLIED", "LOST_BEFORE", "LOST_AFTER", "THROWS"})
    void anAuthorityThatIsDownIsNeverTakenForAnEmptyAccount(Fault fault) {
        it.authority.always(fault);
        CompletableFuture<ReserveOutcome> outcome = it.ask(USER, 10);
        CompletableFuture<ReserveOutcome> joined = it.ask(USER, 5);
        it.advance(Duration.ofSeconds(1));
        assertThat(outcome).isNotDone();

        it.advance(LedgerUnderTest.SETTINGS.patience().minusMillis(700));

        assertUnavailable(now(outcome));
        assertUnavailable(now(joined));
        CompletableFuture<ReserveOutcome> later = it.ask(USER, 5);
        it.advance(LedgerUnderTest.SETTINGS.patience().plusMillis(300));
        assertUnavailable(now(later));
        assertThat(it.authority.questions())
                .as("questions to an authority that is down, in about 5 s")
                .isLessThan(20);
    }

    @Test
    void callersDoNotMakeTheTellerAskAnAuthorityThatIsDownMoreOften() {
        it.authority.always(Fault.NOT_APPLIED);

        List<CompletableFuture<ReserveOutcome>> callers = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            callers.add(it.ask(USER, 1));
            it.advance(Duration.ofMillis(2));
        }

        assertThat(callers).noneMatch(CompletableFuture::isDone);

        assertThat(it.authority.questions()).isLessThan(15);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"NOT_APPLIED", "LOST_BEFORE", "HANGS"})
    void whatIsAtHandIsSpentAndSettledWhileTheAuthorityIsDown(Fault fault) {
        it.user(1, 100);
        it.reserved(USER, 12).release();
        it.authority.always(fault);
        CompletableFuture<ReserveOutcome> large = it.ask(USER, 90);
        it.time.run();
        assertThat(large).isNotDone();

        for (int i = 0; i < 4; i++) {
            it.settle(it.reserved(USER, 3), 3);
            it.advance(Duration.ofMillis(300));
        }

        it.authority.resume();
        it.advance(Duration.ofSeconds(10));
        it.closeAndExpect(BALANCE, 88, 12);
    }

    @Test
    void anAuthorityThatComesBackIsAskedForThoseWhoStillWait() {
        it.user(1, 10);
        it.authority.always(Fault.NOT_APPLIED);
        CompletableFuture<ReserveOutcome> waiting = it.ask(USER, 10);
        it.advance(Duration.ofSeconds(1));

        it.authority.resume();
        it.advance(Duration.ofMillis(900));

        reservation(now(waiting));
    }

    @Test
    void anAuthorityThatIsFarIsWaitedForByWhoHasAskedItAndByWhoIsNext() {
        it.user(1, 20);
        it.authority.next(Fault.HANGS);
        CompletableFuture<ReserveOutcome> first = it.ask(USER, 10);
        it.advance(Duration.ofMillis(100));
        CompletableFuture<ReserveOutcome> second = it.ask(USER, 10);
        it.advance(LedgerUnderTest.SETTINGS.patience().plusMillis(500));
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();

        it.authority.next(Fault.HANGS);
        it.authority.resume();
        it.time.run();
        reservation(now(first));
        it.advance(LedgerUnderTest.SETTINGS.patience());
        assertThat(second).isNotDone();

        it.authority.resume();
        it.time.run();
        reservation(now(second));
    }

    @Test
    void thePatienceForWhatOthersHoldBeginsWhenThatIsKnown() {
        it.user(1, 10);
        it.authority.next(Fault.HANGS);
        CompletableFuture<ReserveOutcome> waiting = it.ask(USER, 10);
        it.advance(LedgerUnderTest.SETTINGS.patience().minusMillis(500));
        it.otherWriterHolds(BALANCE, 10);
        it.authority.resume();
        it.advance(LedgerUnderTest.SETTINGS.patience().minusMillis(500));
        assertThat(waiting).isNotDone();

        it.advance(Duration.ofSeconds(1));

        assertUnavailable(now(waiting));
    }

    @Test
    void anAuthorityThatDoesNotAnswerIsNotWaitedForWithoutEnd() {
        it.authority.always(Fault.HANGS);
        CompletableFuture<ReserveOutcome> asking = it.ask(USER, 10);
        it.advance(Duration.ofMillis(500));
        CompletableFuture<ReserveOutcome> next = it.ask(USER, 10);

        it.advance(LedgerUnderTest.SETTINGS.patience().multipliedBy(3).minusSeconds(1));
        assertThat(asking).isNotDone();
        it.advance(Duration.ofSeconds(2));

        assertUnavailable(now(asking));
        assertUnavailable(now(next));
    }

    @Test
    void aGrantThatComesTooLateForItsCallerIsKeptForTheNext() {
        it.user(1, 10);
        it.authority.next(Fault.HANGS);
        CompletableFuture<ReserveOutcome> impatient = it.ask(USER, 10);
        it.advance(LedgerUnderTest.SETTINGS.patience().multipliedBy(3).plusSeconds(1));
        assertUnavailable(now(impatient));

        it.authority.resume();
        it.time.run();

        assertThat(it.ledger.openReservations()).isZero();
        it.reserved(USER, 10);
    }

    // ---- closing ----

    @Test
    void closingBooksEverythingReturnsEverythingAndDeletesTheJournal() {
        it.user(1, 1_000).token(11, 500);
        for (int i = 0; i < 20; i++) {
            it.settle(it.reserved(TOKEN, 10), i);
        }

        it.closeAndExpect(BALANCE, 810, 190);
        it.closeAndExpect(LIMIT, 310, 190);
        assertThat(it.journal.isDeleted()).isTrue();
        assertUnavailable(now(it.ask(USER, 1)));
    }

    @Test
    void whoWaitsWhenTheLedgerClosesIsStillServed() {
        it.user(1, 10);
        it.authority.next(Fault.HANGS);
        CompletableFuture<ReserveOutcome> waiting = it.ask(USER, 6);
        it.time.run();
        CompletableFuture<Void> closed = it.ledger.close().toCompletableFuture();
        it.authority.resume();
        it.time.run();

        it.settle(reservation(now(waiting)), 6);

        it.advance(Duration.ofSeconds(1));
        now(closed);
        it.closeAndExpect(BALANCE, 4, 6);
    }

    @Test
    void whoWaitsInVainWhenTheLedgerClosesIsToldInTime() {
        it.authority.always(Fault.NOT_APPLIED);
        CompletableFuture<ReserveOutcome> waiting = it.ask(USER, 6);
        CompletableFuture<Void> closed = it.ledger.close().toCompletableFuture();

        it.advance(LedgerUnderTest.SETTINGS.patience().plusMillis(300));

        assertUnavailable(now(waiting));
        assertThat(closed).isNotDone();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"NOT_APPLIED", "LOST_BEFORE", "LOST_AFTER", "THROWS", "HANGS"})
    void closingGivesUpWhenTheAuthorityStaysDownAndKeepsTheJournal(Fault fault) {
        it.user(1, 100);
        it.settle(it.reserved(USER, 10), 4);
        it.authority.always(fault);

        CompletableFuture<Void> closed = it.ledger.close().toCompletableFuture();
        it.advance(Duration.ofSeconds(15));

        assertThat(closed).isCompletedExceptionally();
        assertThat(it.journal.isDeleted()).isFalse();
    }

    @Test
    void aReservationThatIsOpenWhenTheLedgerClosesIsBookedAsALateCharge() {
        it.user(1, 100);
        Reservation call = it.reserved(USER, 10);
        CompletableFuture<Void> closed = it.ledger.close().toCompletableFuture();
        it.advance(Duration.ofSeconds(1));
        now(closed);
        assertThat(it.balances.leased(BALANCE)).isEqualTo(Quota.ZERO);
        assertThat(it.balances.balance(BALANCE)).isEqualTo(new QuotaBalance(100));
        assertThat(it.journal.isDeleted()).isFalse();

        it.settle(call, 8);
        it.advance(Duration.ofSeconds(1));

        assertThat(it.balances.balance(BALANCE)).isEqualTo(new QuotaBalance(92));
        assertThat(it.journal.isDeleted()).isTrue();
    }

    @Test
    void whatAReservationReleasesAfterTheLedgerClosedIsNotSpentAgain() {
        it.user(1, 100);
        Reservation call = it.reserved(USER, 10);
        now(closed());

        call.release();
        it.advance(Duration.ofSeconds(1));

        assertThat(it.ledger.tryReserve(USER, 1)).isNull();
        assertThat(it.ledger.openReservations()).isZero();
        assertThat(it.journal.isDeleted()).isTrue();
    }

    @Test
    void aCallerWhoComesJustTooLateIsStillAnswered() {
        now(closed());

        // as if it had passed the first check before the ledger began to close
        CompletableFuture<ReserveOutcome> late = askedPastTheFirstCheck();
        it.time.run();

        assertUnavailable(now(late));
    }

    @Test
    void anUncheckedReservationOfAClosedLedgerIsRefusedRatherThanLost() {
        now(closed());

        assertThatThrownBy(() -> it.ledger.unchecked(USER))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(it.journal.writer().hex());
        assertThat(it.ledger.openReservations()).isZero();
    }

    @Test
    void closingTwiceIsHarmless() {
        it.user(1, 10);
        it.settle(it.reserved(USER, 4), 4);
        CompletableFuture<Void> first = it.ledger.close().toCompletableFuture();
        CompletableFuture<Void> second = it.ledger.close().toCompletableFuture();
        it.advance(Duration.ofSeconds(1));

        now(first);
        now(second);
        now(it.ledger.close());
        it.closeAndExpect(BALANCE, 6, 4);
    }

    @Test
    void whoWaitsIsToldWhenTheTellersThreadIsGone() {
        it.authority.always(Fault.HANGS);
        CompletableFuture<ReserveOutcome> waiting = it.ask(USER, 1);
        it.time.run();

        it.time.shutdown();
        it.advance(Duration.ofSeconds(1));

        assertUnavailable(now(waiting));
        assertUnavailable(now(it.ask(USER, 1)));
        assertThat(it.ledger.close().toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void aChargeThatCouldNotBeJournalledKeepsTheLedgerFromClosing() {
        it.user(1, 100);
        Reservation call = it.reserved(USER, 10);
        it.journal.failing(true);
        it.settle(call, 4);
        CompletableFuture<Void> closed = it.ledger.close().toCompletableFuture();
        it.advance(Duration.ofSeconds(5));
        assertThat(closed).isNotDone();

        it.journal.failing(false);
        it.advance(Duration.ofSeconds(1));

        now(closed);
        it.closeAndExpect(BALANCE, 96, 4);
    }

    private CompletableFuture<Void> closed() {
        CompletableFuture<Void> closed = it.ledger.close().toCompletableFuture();
        it.advance(Duration.ofSeconds(1));
        return closed;
    }

    private CompletableFuture<ReserveOutcome> askedPastTheFirstCheck() {
        return it.ledger.askTeller(USER, 1).toCompletableFuture();
    }
}
