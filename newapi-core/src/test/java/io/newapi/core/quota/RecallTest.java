package io.newapi.core.quota;

import static io.newapi.core.quota.LedgerUnderTest.assertInsufficient;
import static io.newapi.core.quota.LedgerUnderTest.assertUnavailable;
import static io.newapi.core.quota.LedgerUnderTest.now;
import static io.newapi.core.quota.LedgerUnderTest.reservation;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Two nodes share one balance: what idles on one reaches the other, and nothing else is refused or granted. */
class RecallTest {

    private static final Payer USER = Payer.user(1);
    private static final Account BALANCE = Account.user(1);
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);
    private static final LedgerSettings SETTINGS = LedgerSettings.DEFAULT.withHeartbeat(HEARTBEAT);

    private final VirtualTime time = new VirtualTime();
    private final InMemoryQuotaAuthority balances = new InMemoryQuotaAuthority();
    private final LeasedLedger here = ledger();
    private final LeasedLedger there = ledger();

    private LeasedLedger ledger() {
        UsageJournal journal = new MemoryJournal(WriterId.random(new SecureRandom()));
        return LeasedLedger.open(balances, journal, time, time, SETTINGS)
                .toCompletableFuture()
                .join();
    }

    private CompletableFuture<ReserveOutcome> ask(LeasedLedger ledger, long units) {
        CompletableFuture<ReserveOutcome> outcome =
                ledger.reserve(USER, Quota.of(units)).toCompletableFuture();
        time.run();
        return outcome;
    }

    @Test
    void whatIdlesElsewhereComesWithinAHeartbeat() {
        balances.credit(BALANCE, Quota.of(100));
        reservation(now(ask(there, 90))).release();

        CompletableFuture<ReserveOutcome> waiting = ask(here, 95);
        assertThat(waiting).isNotDone();
        time.advance(HEARTBEAT.plusMillis(300));

        reservation(now(waiting));
    }

    @Test
    void whatIsReservedElsewhereIsNotTakenAway() {
        balances.credit(BALANCE, Quota.of(100));
        Reservation held = reservation(now(ask(there, 90)));

        CompletableFuture<ReserveOutcome> waiting = ask(here, 95);
        time.advance(SETTINGS.patience().plusSeconds(2));

        assertThat(now(waiting)).isNotInstanceOf(ReserveOutcome.Reserved.class);
        assertThat(held.state()).isEqualTo(Reservation.State.HELD);
        assertThat(there.openReservations()).isEqualTo(1);
    }

    @Test
    void whatNobodyHasIsRefusedWithoutAskingAnybody() {
        balances.credit(BALANCE, Quota.of(100));
        reservation(now(ask(there, 90))).release();

        assertInsufficient(now(ask(here, 101)), BALANCE);
    }

    @Test
    void whoWasAskedThreeTimesAndHasNothingIdleIsReasonToRefuse() {
        balances.credit(BALANCE, Quota.of(100));
        Reservation held = reservation(now(ask(there, 90)));
        LedgerSettings quick = SETTINGS.withHeartbeat(Duration.ofMillis(50));
        LeasedLedger answering = LeasedLedger.open(
                        balances, new MemoryJournal(WriterId.random(new SecureRandom())), time, time, quick)
                .toCompletableFuture()
                .join();
        Reservation reservedThere = reservation(now(ask(answering, 10)));
        held.release();
        time.advance(HEARTBEAT);

        CompletableFuture<ReserveOutcome> waiting = ask(here, 100);
        time.advance(SETTINGS.patience());

        assertThat(now(waiting)).isNotInstanceOf(ReserveOutcome.Reserved.class);
        assertThat(reservedThere.state()).isEqualTo(Reservation.State.HELD);
    }

    @Test
    void aHolderThatDoesNotAnswerMakesTheCallerComeAgainAndNotGoAway() {
        balances.credit(BALANCE, Quota.of(100));
        WriterId silent = WriterId.random(new SecureRandom());
        now(balances.register(silent));
        now(balances.exchange(new QuotaAuthority.Exchange(
                silent,
                0,
                List.of(),
                List.of(),
                Map.of(),
                List.of(new QuotaAuthority.GrantRequest(
                        new QuotaAuthority.Shortfall(BALANCE, 100, 0, true), Optional.empty())),
                Set.of(BALANCE))));

        CompletableFuture<ReserveOutcome> waiting = ask(here, 1);
        time.advance(SETTINGS.patience().plusMillis(300));

        assertUnavailable(now(waiting));
    }

    @Test
    void theLastUnitIsSpentWhereverItIsAskedFor() {
        balances.credit(BALANCE, Quota.of(1_000));
        long spent = 0;
        for (int call = 0; spent < 1_000; call++) {
            CompletableFuture<ReserveOutcome> outcome = ask(call % 2 == 0 ? here : there, 10);
            for (int i = 0; i < 30 && !outcome.isDone(); i++) {
                time.advance(Duration.ofMillis(100));
            }
            Reservation reservation = reservation(now(outcome));
            assertThat(reservation.settle(Settlement.of("call-" + call, Quota.of(10))))
                    .isTrue();
            spent += 10;
        }
        time.advance(HEARTBEAT);

        assertThat(balances.balance(BALANCE).units()).isZero();
        assertThat(balances.charged(BALANCE).units()).isEqualTo(1_000);
        CompletableFuture<ReserveOutcome> refused = ask(here, 1);
        time.advance(SETTINGS.patience().plusSeconds(1));
        assertInsufficient(now(refused), BALANCE);
    }
}
