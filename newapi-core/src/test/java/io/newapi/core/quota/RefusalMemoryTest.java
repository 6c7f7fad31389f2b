package io.newapi.core.quota;

import static io.newapi.core.quota.LedgerUnderTest.assertInsufficient;
import static io.newapi.core.quota.LedgerUnderTest.now;
import static io.newapi.core.quota.LedgerUnderTest.reservation;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Somebody who is broke and goes on calling. */
class RefusalMemoryTest {

    private static final Duration MEMORY = Duration.ofSeconds(1);
    private static final Payer USER = Payer.user(1);
    private static final Account BALANCE = Account.user(1);
    private static final Payer TOKEN = Payer.limitedToken(1, 11);
    private static final Account LIMIT = Account.token(11);

    private final LedgerUnderTest it =
            new LedgerUnderTest(LedgerUnderTest.SETTINGS.withRefusalMemory(MEMORY)).user(1, 10);

    @Test
    void whatWasRefusedIsRefusedAgainWithoutAsking() {
        assertInsufficient(it.reserve(USER, 11), BALANCE);
        int asked = it.authority.exchanges();

        CompletableFuture<ReserveOutcome> again = it.ask(USER, 11);

        assertInsufficient(now(again), BALANCE);
        assertInsufficient(now(it.ask(USER, 500)), BALANCE);
        assertThat(it.authority.exchanges()).isEqualTo(asked);
    }

    @Test
    void lessThanWasRefusedIsAskedFor() {
        assertInsufficient(it.reserve(USER, 11), BALANCE);

        it.reserved(USER, 10);
    }

    @Test
    void aRefusalIsForgottenAfterItsTime() {
        assertInsufficient(it.reserve(USER, 11), BALANCE);
        it.user(1, 1);
        it.advance(MEMORY);

        it.reserved(USER, 11);
    }

    @Test
    void aChangedBalanceIsAskedForAtOnce() {
        assertInsufficient(it.reserve(USER, 11), BALANCE);
        it.user(1, 1);

        it.ledger.poke();

        it.reserved(USER, 11);
    }

    @Test
    void anAnswerThatIsOlderThanTheChangeIsNotRemembered() {
        CompletableFuture<ReserveOutcome> first = it.ask(USER, 11);
        it.authority.always(ShakyAuthority.Fault.HANGS);
        it.time.run();
        it.ledger.poke();
        it.authority.resume();
        it.time.run();
        assertInsufficient(now(first), BALANCE);
        it.user(1, 1);

        it.reserved(USER, 11);
    }

    @Test
    void whatComesBackHereMeanwhileIsReserved() {
        Reservation call = it.reserved(USER, 8);
        assertInsufficient(it.reserve(USER, 9), BALANCE);

        call.release();

        it.reserved(USER, 9);
    }

    @Test
    void whatIsGivenBackForIdlenessCanBeHadAgain() {
        it.user(1, 10);
        it.reserved(USER, 5).release();
        it.advance(LedgerUnderTest.SETTINGS.idleReturn().minusSeconds(1));
        assertInsufficient(it.reserve(USER, 30), BALANCE);

        it.advance(Duration.ofMillis(500));
        assertInsufficient(it.reserve(USER, 30), BALANCE);
        it.advance(Duration.ofMillis(700));

        assertThat(it.balances.leased(BALANCE).units()).isZero();
        it.reserved(USER, 20);
    }

    @Test
    void aBrokeTokenDoesNotHoldUpItsUser() {
        it.token(11, 3);
        assertInsufficient(it.reserve(TOKEN, 4), LIMIT);
        int asked = it.authority.exchanges();

        assertInsufficient(now(it.ask(TOKEN, 4)), LIMIT);
        assertThat(it.authority.exchanges()).isEqualTo(asked);
        it.reserved(USER, 4);
    }

    @Test
    void withoutMemoryEveryRefusalIsAskedFor() {
        LedgerUnderTest forgetful = new LedgerUnderTest().user(1, 10);
        assertInsufficient(forgetful.reserve(USER, 11), BALANCE);
        forgetful.user(1, 1);

        assertThat(reservation(forgetful.reserve(USER, 11))).isNotNull();
    }
}
