package io.newapi.core.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.newapi.core.quota.ExchangeDecision.Balance;
import io.newapi.core.quota.ExchangeDecision.Change;
import io.newapi.core.quota.ExchangeDecision.Elsewhere;
import io.newapi.core.quota.ExchangeDecision.Lease;
import io.newapi.core.quota.QuotaAuthority.Exchange;
import io.newapi.core.quota.QuotaAuthority.GrantRequest;
import io.newapi.core.quota.QuotaAuthority.Shortfall;
import io.newapi.core.quota.QuotaAuthority.View;
import io.newapi.core.quota.QuotaAuthority.WriterState;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What an authority must write; what it comes to for a writer is in {@link QuotaAuthorityContract}. */
class ExchangeDecisionTest {

    private static final Account USER = Account.user(1);
    private static final Account TOKEN = Account.token(11);
    private static final WriterId WRITER = WriterId.random(new SecureRandom());

    private final List<String> asked = new ArrayList<>();

    private ExchangeDecision decide(
            Exchange exchange, View before, Set<Account> recalled, Map<Account, Balance> balances) {
        return ExchangeDecision.of(
                exchange,
                before,
                recalled,
                balances,
                account -> {
                    asked.add("elsewhere " + account);
                    return new Elsewhere(0, false);
                },
                () -> {
                    asked.add("open writers");
                    return 1;
                });
    }

    private static Exchange exchange(List<JournalEntry> entries, Map<Account, Long> returns, GrantRequest... requests) {
        List<Long> positions = new ArrayList<>();
        entries.forEach(entry -> positions.add((positions.size() + 1) * 10L));
        return new Exchange(WRITER, 0, entries, positions, returns, List.of(requests), Set.of());
    }

    private static GrantRequest needs(long units) {
        return new GrantRequest(new Shortfall(USER, units, 0, true), Optional.empty());
    }

    @Test
    void whatOthersHoldIsAskedOncePerAccountAndOnlyWhenItMatters() {
        Map<Account, Balance> rows = Map.of(USER, new Balance(10, true));
        View before = new View(WriterState.OPEN, 0, Map.of());

        decide(exchange(List.of(), Map.of(), needs(4), needs(5)), before, Set.of(), rows);
        assertThat(asked).containsExactly("open writers");

        asked.clear();
        decide(exchange(List.of(), Map.of(), needs(11), needs(12)), before, Set.of(), rows);
        assertThat(asked).containsExactly("elsewhere user 1");
    }

    @Test
    void whatWasBookedBeforeTheAuthorityWasPutBackIsNotSkipped() {
        JournalEntry entry = new JournalEntry(Payer.user(1), Settlement.of("call", Quota.of(4)));
        Exchange later = new Exchange(
                WRITER, 50, List.of(entry), List.of(60L), Map.of(USER, 2L), List.of(needs(4)), Set.of(USER));
        View before = new View(WriterState.OPEN, 40, Map.of(USER, 7L));

        ExchangeDecision decision = decide(later, before, Set.of(), Map.of(USER, new Balance(10, true)));

        assertThat(decision.answer().view()).isEqualTo(before);
        assertThat(decision.answer().verdicts()).isEmpty();
        assertThat(decision.booked()).isEmpty();
        assertThat(decision.changes()).isEmpty();
        assertThat(decision.leases()).isEmpty();
    }

    @Test
    void aLeaseIsWrittenWhenItChangedOrAnswersARecall() {
        Map<Account, Balance> rows = Map.of(USER, new Balance(10, true));
        View before = new View(WriterState.OPEN, 0, Map.of(TOKEN, 7L, Account.user(2), 3L));

        ExchangeDecision decision =
                decide(exchange(List.of(), Map.of(TOKEN, 0L), needs(4)), before, Set.of(TOKEN), rows);

        assertThat(decision.leases())
                .containsExactly(
                        Map.entry(USER, new Lease(4, true, false)), Map.entry(TOKEN, new Lease(7, false, true)));
        assertThat(decision.changes()).containsExactly(Map.entry(USER, new Change(-4, 0, 0)));
    }

    @Test
    void onlyEntriesBehindThePositionAreBooked() {
        List<JournalEntry> entries = List.of(
                new JournalEntry(Payer.limitedToken(1, 11), Settlement.of("first", Quota.of(1))),
                new JournalEntry(Payer.limitedToken(1, 11), Settlement.of("second", Quota.of(2))));
        View before = new View(WriterState.CLOSED, 10, Map.of());

        ExchangeDecision decision = decide(exchange(entries, Map.of()), before, Set.of(), Map.of());

        assertThat(decision.booked()).containsExactly(entries.get(1));
        assertThat(decision.answer().view().appliedPosition()).isEqualTo(20);
        assertThat(decision.changes())
                .containsExactly(Map.entry(USER, new Change(-2, 2, 1)), Map.entry(TOKEN, new Change(-2, 2, 1)));
    }

    @Test
    void aWriterThatIsNotKnownChangesNothing() {
        List<JournalEntry> entries = List.of(new JournalEntry(Payer.user(1), Settlement.of("call", Quota.of(1))));
        View missing = new View(WriterState.MISSING, 0, Map.of());

        ExchangeDecision decision = decide(exchange(entries, Map.of()), missing, Set.of(), Map.of());

        assertThat(decision.answer().view()).isEqualTo(missing);
        assertThat(decision.booked()).isEmpty();
        assertThat(decision.changes()).isEmpty();
        assertThat(decision.leases()).isEmpty();
    }

    @Test
    void anAmountBeyond64BitsIsAnErrorAndNotANumber() {
        Map<Account, Balance> rows = Map.of(USER, new Balance(Long.MAX_VALUE, true));
        View before = new View(WriterState.OPEN, 0, Map.of(USER, 5L));

        assertThatThrownBy(() -> decide(exchange(List.of(), Map.of(USER, 5L), needs(1)), before, Set.of(), rows))
                .isInstanceOf(ArithmeticException.class);
    }
}
