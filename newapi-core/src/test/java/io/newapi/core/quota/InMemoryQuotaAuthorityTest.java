package io.newapi.core.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InMemoryQuotaAuthorityTest extends QuotaAuthorityContract {

    private final List<String> booked = new ArrayList<>();
    private final InMemoryQuotaAuthority authority =
            new InMemoryQuotaAuthority(entry -> booked.add(entry.settlement().requestId()));

    @Override
    protected QuotaAuthority authority() {
        return authority;
    }

    @Override
    protected void createUser(long userId, long balanceUnits) {
        authority.credit(Account.user(userId), Quota.of(balanceUnits));
    }

    @Override
    protected void createLimitedToken(long tokenId, long userId, long balanceUnits) {
        authority.credit(Account.token(tokenId), Quota.of(balanceUnits));
    }

    @Override
    protected void createUnlimitedToken(long tokenId, long userId) {
        authority.credit(Account.token(tokenId), Quota.ZERO);
    }

    @Override
    protected void credit(Account account, long units) {
        authority.credit(account, Quota.of(units));
    }

    @Override
    protected void disable(Account account) {
        authority.disable(account);
    }

    @Override
    protected long balance(Account account) {
        return authority.balance(account).units();
    }

    @Override
    protected long charged(Account account) {
        return authority.charged(account).units();
    }

    @Test
    void theBookkeeperSeesEveryEntryOnce() {
        WriterId writer = WriterId.random(new SecureRandom());
        done(authority.register(writer));
        List<JournalEntry> entries = List.of(
                new JournalEntry(Payer.user(1), Settlement.of("first", Quota.of(1))),
                new JournalEntry(Payer.user(1), Settlement.of("second", Quota.of(2))));
        QuotaAuthority.Exchange exchange = new QuotaAuthority.Exchange(
                writer, 0, entries, List.of(10L, 20L), Map.of(), List.of(), Set.of(Account.user(1)));

        done(authority.exchange(exchange));
        done(authority.exchange(exchange));

        assertThat(booked).containsExactly("first", "second");
    }

    @Test
    void anAccountThatIsEnabledAgainIsGranted() {
        createUser(1, 10);
        authority.disable(Account.user(1));
        authority.enable(Account.user(1));
        LeasedLedger ledger = LeasedLedger.inMemory(authority);

        assertThat(done(ledger.reserve(Payer.user(1), Quota.of(3)))).isInstanceOf(ReserveOutcome.Reserved.class);
        done(ledger.close());
    }
}
