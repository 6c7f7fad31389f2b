package io.newapi.core.quota;

import static io.newapi.core.quota.LedgerUnderTest.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.newapi.core.quota.ShakyAuthority.Fault;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is settled is booked once and stored once, though the two know nothing of each other. */
class JournalFollowerTest {

    private static final Payer USER = Payer.user(1);
    private static final Account BALANCE = Account.user(1);
    private static final int PAGE = 3;
    private static final Duration SOON = Duration.ofSeconds(1);

    private final ShakyFollower follower = new ShakyFollower(PAGE);
    private final LedgerUnderTest it = new LedgerUnderTest(follower).user(1, 1_000);
    private int calls;

    private void settle(int howMany) {
        for (int i = 0; i < howMany; i++) {
            Reservation call = it.reserved(USER, 10);
            assertThat(call.settle(Settlement.of("call-" + calls, Quota.of(1)))).isTrue();
            calls++;
        }
    }

    private void expectStoredOnce() {
        assertThat(follower.storedIds())
                .containsExactlyElementsOf(
                        IntStream.range(0, calls).mapToObj(i -> "call-" + i).toList());
    }

    private void expectBooked(int units) {
        assertThat(it.balances.charged(BALANCE)).isEqualTo(Quota.of(units));
    }

    static Stream<List<Fault>> threeFaults() {
        List<Fault> faults = List.of(Fault.NONE, Fault.NOT_APPLIED, Fault.LOST_AFTER, Fault.THROWS);
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
    void whateverHappensToACallEveryEntryIsStoredOnce(List<Fault> faults) {
        follower.next(faults.toArray(new Fault[0]));

        settle(2 * PAGE + 1);
        it.advance(Duration.ofSeconds(20));

        expectStoredOnce();
        expectBooked(calls);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"NOT_APPLIED", "THROWS", "HANGS"})
    void aFollowerThatIsAwayDelaysNoChargeAndFindsEverythingWhenItIsBack(Fault fault) {
        follower.always(fault);
        settle(PAGE + 1);
        it.advance(Duration.ofMinutes(5));
        expectBooked(calls);
        assertThat(it.journal.read(0, 100).entries()).as("nothing is discarded").hasSize(calls);

        settle(1);
        follower.calm();
        it.advance(Duration.ofSeconds(20));

        expectStoredOnce();
        assertThatThrownBy(() -> it.journal.read(0, 100)).as("now it is").isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFollowerThatIsAwayIsNotAskedAllTheTime() {
        follower.always(Fault.NOT_APPLIED);
        settle(1);

        it.advance(Duration.ofMinutes(5));

        assertThat(follower.calls()).isBetween(10, 100);
    }

    @Test
    void anAuthorityThatIsAwayDelaysNoFollowerAndNothingIsDiscarded() {
        Reservation call = it.reserved(USER, 10);
        it.authority.always(Fault.LOST_BEFORE);
        call.settle(Settlement.of("call-0", Quota.of(1)));
        calls++;

        it.advance(SOON);

        expectStoredOnce();
        expectBooked(0);
        assertThat(it.journal.read(0, 100).entries()).hasSize(1);
    }

    @Test
    void aFollowerThatStoresNothingDoesNotKeepTheTellerBusy() {
        follower.doingNothing();
        settle(1);

        it.advance(Duration.ofMinutes(5));

        assertThat(follower.calls()).isLessThan(100);
        expectBooked(1);
    }

    @Test
    void aFollowerWithNothingToDoIsNotAsked() {
        settle(1);
        it.advance(Duration.ofMinutes(5));

        assertThat(follower.calls()).isEqualTo(1);
    }

    @Test
    void anEntryThatIsStillBeingWrittenIsNoFailureAndIsStoredSoonAfter() {
        it.journal.beingWritten(true);
        settle(1);
        it.advance(Duration.ofMinutes(1));
        assertThat(follower.calls()).as("nothing can be stored yet").isZero();

        it.journal.beingWritten(false);
        it.advance(SOON);

        expectStoredOnce();
    }

    // ---- closing ----

    @Test
    void closingWaitsUntilEverythingIsStored() {
        follower.always(Fault.HANGS);
        settle(2 * PAGE);
        CompletableFuture<Void> closed = it.ledger.close().toCompletableFuture();
        it.advance(Duration.ofSeconds(5));
        assertThat(closed).isNotDone();
        assertThat(it.journal.isDeleted()).isFalse();
        assertThat(it.balances.leased(BALANCE))
                .as("what is leased does not wait")
                .isEqualTo(Quota.ZERO);

        follower.calm();
        it.advance(SOON);

        now(closed);
        expectStoredOnce();
        assertThat(it.journal.isDeleted()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"NOT_APPLIED", "THROWS", "HANGS"})
    void closingDoesNotWaitForEverAndKeepsTheJournal(Fault fault) {
        follower.always(fault);
        settle(1);

        CompletableFuture<Void> closed = it.ledger.close().toCompletableFuture();
        it.advance(Duration.ofSeconds(15));

        assertThatThrownBy(closed::join)
                .hasMessageContaining(it.journal.writer().hex())
                .hasMessageContaining("booked and closed")
                .hasMessageContaining("the journal is kept");
        assertThat(it.journal.isDeleted()).isFalse();
        expectBooked(1);

        follower.calm();
        it.advance(SOON.plus(SOON).multipliedBy(5));
        assertThat(it.journal.isDeleted()).as("its thread still runs").isTrue();
        expectStoredOnce();
    }

    @Test
    void aCallThatSettlesAfterTheLedgerWasClosedIsStoredToo() {
        Reservation late = it.reserved(USER, 10);
        CompletableFuture<Void> closed = it.ledger.close().toCompletableFuture();
        it.advance(SOON);
        now(closed);

        late.settle(Settlement.of("call-0", Quota.of(1)));
        calls++;
        it.advance(SOON);

        expectStoredOnce();
        expectBooked(1);
        assertThat(it.journal.isDeleted()).isTrue();
    }

    @Test
    void whatAWriterSettlesThatTheAuthorityForgotIsNotStored() {
        ShakyAuthority forgetful = new ShakyAuthority(new InMemoryQuotaAuthority());
        forgetful.forgetRegistrations();
        WatchedJournal journal = new WatchedJournal(WriterId.random(new SecureRandom()));
        LeasedLedger ledger = now(LeasedLedger.open(
                forgetful, journal, it.time, it.time, LedgerSettings.DEFAULT, LedgerListener.none(), follower));
        it.advance(Duration.ofMinutes(1));
        ledger.unchecked(USER).settle(Settlement.of("call", Quota.of(4)));

        it.advance(Duration.ofMinutes(1));

        assertThat(follower.storedIds()).isEmpty();
        assertThat(journal.isDeleted()).isFalse();
    }
}
