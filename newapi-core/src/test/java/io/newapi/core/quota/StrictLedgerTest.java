package io.newapi.core.quota;

import static io.newapi.core.quota.LedgerUnderTest.assertUnavailable;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long a ledger spends without its authority. */
class StrictLedgerTest {

    private static final Payer USER = Payer.user(1);

    @Test
    void withoutADeadlineALedgerSpendsWhatItHasForAsLongAsItTakes() {
        LedgerUnderTest node = new LedgerUnderTest(LedgerSettings.DEFAULT.withLease(LedgerSettings.NO_DEADLINE));
        spendAloneFor(node, Duration.ofDays(1));

        assertThat(node.reserved(USER, 10).release()).isTrue();
    }

    @Test
    void aLeaseEndsWhenItsTimeIsOver() {
        LedgerUnderTest node = new LedgerUnderTest(LedgerSettings.DEFAULT.withLease(Duration.ofSeconds(15)));
        spendAloneFor(node, Duration.ofSeconds(14));
        assertThat(node.reserved(USER, 10).release()).isTrue();

        node.advance(Duration.ofSeconds(1));

        var late = node.ask(USER, 10);
        node.advance(Duration.ofSeconds(3));
        assertUnavailable(late.join());
    }

    @Test
    void aShortLeaseIsRenewedInTime() {
        assertThat(LedgerSettings.DEFAULT.withLease(Duration.ofSeconds(15)).heartbeat())
                .isEqualTo(Duration.ofSeconds(5));
        assertThat(LedgerSettings.DEFAULT.withLease(Duration.ofSeconds(90)).heartbeat())
                .isEqualTo(LedgerSettings.DEFAULT.heartbeat());
    }

    private static void spendAloneFor(LedgerUnderTest node, Duration time) {
        node.user(1, 1_000);
        node.reserved(USER, 500).release();
        node.authority.always(ShakyAuthority.Fault.NOT_APPLIED);
        node.advance(time);
    }
}
