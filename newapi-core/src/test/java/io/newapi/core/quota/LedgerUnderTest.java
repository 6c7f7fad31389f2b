package io.newapi.core.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.quota.QuotaAuthority.Exchange;
import io.newapi.core.quota.QuotaAuthority.GrantRequest;
import io.newapi.core.quota.QuotaAuthority.Shortfall;
import io.newapi.core.quota.ReserveOutcome.Insufficient;
import io.newapi.core.quota.ReserveOutcome.Reserved;
import io.newapi.core.quota.ReserveOutcome.Unavailable;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A ledger whose time, authority and journal a test has in its hands. */
final class LedgerUnderTest {

    static final LedgerSettings SETTINGS = LedgerSettings.DEFAULT;

    final VirtualTime time = new VirtualTime();
    final InMemoryQuotaAuthority balances = new InMemoryQuotaAuthority();
    final ShakyAuthority authority = new ShakyAuthority(balances);
    final WatchedJournal journal = new WatchedJournal(WriterId.random(new SecureRandom()));
    final LeasedLedger ledger;

    LedgerUnderTest() {
        this(SETTINGS);
    }

    LedgerUnderTest(LedgerSettings settings) {
        ledger = opened(LeasedLedger.open(authority, journal, time, time, settings));
    }

    LedgerUnderTest(JournalFollower follower) {
        ledger = opened(LeasedLedger.open(authority, journal, time, time, SETTINGS, LedgerListener.none(), follower));
    }

    private static LeasedLedger opened(CompletionStage<LeasedLedger> opening) {
        return opening.toCompletableFuture().join();
    }

    LedgerUnderTest user(long id, long units) {
        balances.credit(Account.user(id), Quota.of(units));
        return this;
    }

    LedgerUnderTest token(long id, long units) {
        balances.credit(Account.token(id), Quota.of(units));
        return this;
    }

    /** Another ledger has leased so many units. */
    WriterId otherWriterHolds(Account account, long units) {
        WriterId other = WriterId.random(new SecureRandom());
        now(balances.register(other));
        GrantRequest request = new GrantRequest(new Shortfall(account, units, 0, true), Optional.empty());
        now(balances.exchange(
                new Exchange(other, 0, List.of(), List.of(), Map.of(), List.of(request), Set.of(account))));
        return other;
    }

    /** Asks, without letting the teller answer yet. */
    CompletableFuture<ReserveOutcome> ask(Payer payer, long units) {
        return ledger.reserve(payer, Quota.of(units)).toCompletableFuture();
    }

    /** Asks, and lets the teller do what it can do at once. */
    ReserveOutcome reserve(Payer payer, long units) {
        CompletableFuture<ReserveOutcome> outcome = ask(payer, units);
        time.run();
        return now(outcome);
    }

    Reservation reserved(Payer payer, long units) {
        return reservation(reserve(payer, units));
    }

    static Reservation reservation(ReserveOutcome outcome) {
        assertThat(outcome).isInstanceOf(Reserved.class);
        return ((Reserved) outcome).reservation();
    }

    static void assertInsufficient(ReserveOutcome outcome, Account account) {
        assertThat(outcome).isInstanceOf(Insufficient.class);
        assertThat(((Insufficient) outcome).account()).isEqualTo(account);
    }

    static void assertUnavailable(ReserveOutcome outcome) {
        assertThat(outcome).isInstanceOf(Unavailable.class);
    }

    static <T> T now(CompletionStage<T> stage) {
        assertThat(stage.toCompletableFuture()).isDone();
        return stage.toCompletableFuture().join();
    }

    void settle(Reservation reservation, long units) {
        assertThat(reservation.settle(Settlement.of("call", Quota.of(units)))).isTrue();
    }

    void advance(Duration by) {
        time.advance(by);
    }

    long free(Account account) {
        return ledger.cell(account).freeUnits();
    }

    /** Closes the ledger and checks that everything went back. */
    void closeAndExpect(Account account, long balance, long charged) {
        CompletionStage<Void> closed = ledger.close();
        advance(Duration.ofSeconds(20));
        now(closed);
        assertThat(balances.leased(account).units()).isZero();
        assertThat(balances.balance(account).units()).isEqualTo(balance);
        assertThat(balances.charged(account).units()).isEqualTo(charged);
    }
}
