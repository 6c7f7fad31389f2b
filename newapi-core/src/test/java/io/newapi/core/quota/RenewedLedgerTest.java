package io.newapi.core.quota;

import static io.newapi.core.quota.LedgerUnderTest.assertUnavailable;
import static io.newapi.core.quota.LedgerUnderTest.now;
import static io.newapi.core.quota.LedgerUnderTest.reservation;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.quota.ReserveOutcome.Unavailable;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A ledger whose writer others have closed, as they close one that was silent for too long. */
class RenewedLedgerTest {

    private static final Payer USER = Payer.user(1);
    private static final Account BALANCE = Account.user(1);

    private final VirtualTime time = new VirtualTime();
    private final InMemoryQuotaAuthority balances = new InMemoryQuotaAuthority();
    private final ShakyAuthority authority = new ShakyAuthority(balances);
    private final List<WriterId> writers = new ArrayList<>();
    private CompletableFuture<?> door = CompletableFuture.completedFuture(null);
    private RenewedLedger ledger;

    @BeforeEach
    void open() {
        balances.credit(BALANCE, Quota.of(1_000));
        ledger = now(RenewedLedger.open(this::newLedger));
    }

    private CompletionStage<LeasedLedger> newLedger() {
        WriterId writer = WriterId.random(new SecureRandom());
        writers.add(writer);
        return door.thenCompose(
                opened -> LeasedLedger.open(authority, new MemoryJournal(writer), time, time, LedgerSettings.DEFAULT));
    }

    private ReserveOutcome reserve(long units) {
        CompletableFuture<ReserveOutcome> outcome =
                ledger.reserve(USER, Quota.of(units)).toCompletableFuture();
        time.run();
        return now(outcome);
    }

    /** What others do to a writer that they have not heard of. */
    private void closeFromOutside(WriterId writer) {
        now(balances.beginClose(writer));
        now(balances.finishClose(writer));
        // the writer learns of it in its next exchange
        time.advance(Duration.ofSeconds(16));
    }

    @Test
    void newCallsAreServedUnderANewWriterAtOnce() {
        reservation(reserve(10)).release();
        closeFromOutside(writers.get(0));

        reservation(reserve(10)).release();

        assertThat(writers).hasSize(2);
    }

    @Test
    void withoutAnyCallItIsRenewedWhenItIsAsked() {
        assertThat(ledger.isEnded()).isFalse();
        now(ledger.renew());
        assertThat(writers).hasSize(1);

        closeFromOutside(writers.get(0));
        assertThat(ledger.isEnded()).isTrue();
        assertThat(ledger.obstacle()).contains("this ledger was closed by another");
        CompletionStage<Void> renewal = ledger.renew();
        time.run();

        now(renewal);
        assertThat(ledger.isEnded()).isFalse();
        assertThat(ledger.obstacle()).isEmpty();
        assertThat(writers).hasSize(2);
        assertThat(ledger.accounts()).isZero();
        reservation(reserve(10)).release();
        assertThat(ledger.accounts()).isEqualTo(1);
    }

    private enum Going {
        CANCELLED,
        ANSWERED,
        FAILED;

        void end(CompletableFuture<ReserveOutcome> outcome) {
            boolean ended = switch (this) {
                case CANCELLED -> outcome.cancel(false);
                case ANSWERED -> outcome.complete(new Unavailable("the client has gone", 1));
                case FAILED -> outcome.completeExceptionally(new TimeoutException());
            };
            assertThat(ended).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Going.class)
    void whatACallerWhoWentDuringTheRenewalCannotTakeGoesBack(Going going) {
        closeFromOutside(writers.get(0));
        CompletableFuture<Void> opening = new CompletableFuture<>();
        door = opening;
        CompletableFuture<ReserveOutcome> outcome =
                ledger.reserve(USER, Quota.of(10)).toCompletableFuture();
        time.run();

        going.end(outcome);
        opening.complete(null);
        time.run();

        assertThat(writers).hasSize(2);
        assertThat(ledger.openReservations()).isZero();
        reservation(reserve(1_000)).release();
    }

    @Test
    void whatWasUnderWayIsChargedLateAndOnce() {
        Reservation underWay = reservation(reserve(10));
        closeFromOutside(writers.get(0));
        reservation(reserve(5)).release();

        assertThat(underWay.settle(Settlement.of("late", Quota.of(7)))).isTrue();
        time.advance(Duration.ofSeconds(1));

        assertThat(balances.charged(BALANCE).units()).isEqualTo(7);
        assertThat(balances.balance(BALANCE).units()).isEqualTo(993);
    }

    @Test
    void whileNoNewWriterCanBeMadeCallersAreToldToComeAgain() {
        closeFromOutside(writers.get(0));
        authority.next(ShakyAuthority.Fault.NONE);
        RenewedLedger failing = now(RenewedLedger.open(new Failing()));
        now(balances.beginClose(writers.get(1)));
        time.advance(Duration.ofSeconds(16));

        CompletableFuture<ReserveOutcome> refused =
                failing.reserve(USER, Quota.of(1)).toCompletableFuture();
        time.run();

        assertUnavailable(now(refused));
    }

    /** Opens one ledger and then no more. */
    private final class Failing implements Supplier<CompletionStage<LeasedLedger>> {
        private boolean opened;

        @Override
        public CompletionStage<LeasedLedger> get() {
            if (opened) {
                return CompletableFuture.failedFuture(new IllegalStateException("no room"));
            }
            opened = true;
            return newLedger();
        }
    }

    @Test
    void closingReturnsEverythingOfOldAndNewWriters() {
        Reservation underWay = reservation(reserve(10));
        closeFromOutside(writers.get(0));
        reservation(reserve(5)).settle(Settlement.of("new", Quota.of(5)));
        underWay.settle(Settlement.of("old", Quota.of(10)));

        CompletionStage<Void> closed = ledger.close();
        time.advance(Duration.ofSeconds(20));

        now(closed);
        assertThat(balances.leased(BALANCE).units()).isZero();
        assertThat(balances.balance(BALANCE).units()).isEqualTo(985);
        assertThat(balances.charged(BALANCE).units()).isEqualTo(15);
    }
}
