package io.newapi.core.quota;

import static io.newapi.core.quota.LedgerUnderTest.assertUnavailable;
import static io.newapi.core.quota.LedgerUnderTest.now;
import static io.newapi.core.quota.LedgerUnderTest.reservation;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that fails over to a copy which has not seen the last exchanges. */
class RestoredAuthorityTest {

    private static final Payer USER = Payer.user(1);
    private static final Account BALANCE = Account.user(1);

    @TempDir
    Path directory;

    private final VirtualTime time = new VirtualTime();
    private final InMemoryQuotaAuthority primary = new InMemoryQuotaAuthority();
    private final InMemoryQuotaAuthority copy = new InMemoryQuotaAuthority();
    private final FailingOver authority = new FailingOver();
    private JournalDirectory journals;
    private UsageJournal journal;
    private LeasedLedger ledger;

    @BeforeEach
    void aLedgerWhoseRegistrationBothHaveSeen() {
        journals = JournalDirectory.open(directory);
        journal = journals.create(WriterId.random(new SecureRandom()), 256 * 1024);
        primary.credit(BALANCE, Quota.of(1_000));
        copy.credit(BALANCE, Quota.of(1_000));
        now(copy.register(journal.writer()));
        ledger = now(LeasedLedger.open(authority, journal, time, time, LedgerSettings.DEFAULT));
    }

    @AfterEach
    void close() {
        journals.close();
    }

    @Test
    void whatTheCopyHasNotSeenIsBookedAgainFromTheJournalAndNothingIsSpentTwice() {
        charge(100);
        charge(50);
        time.advance(Duration.ofSeconds(1));
        assertThat(primary.charged(BALANCE).units()).isEqualTo(150);

        authority.present = copy;
        reserved(10).settle(Settlement.of("after", Quota.of(7)));
        time.advance(Duration.ofSeconds(1));

        // memory is worth nothing any more: a new ledger has to be opened
        assertThat(ledger.wasEnded()).isTrue();
        assertUnavailable(now(ask(1)));
        close(ledger);
        assertThat(copy.charged(BALANCE).units()).isEqualTo(157);
        assertThat(copy.balance(BALANCE).units()).isEqualTo(843);
        assertThat(copy.leased(BALANCE).units()).isZero();
    }

    @Test
    void aLedgerThatIsClosedBeforeItHasNoticedBooksAgainAllTheSame() {
        charge(100);
        time.advance(Duration.ofSeconds(1));
        authority.present = copy;

        close(ledger);

        assertThat(copy.charged(BALANCE).units()).isEqualTo(100);
        assertThat(copy.leased(BALANCE).units()).isZero();
        assertThat(SegmentName.filesOf(directory, journal.writer())).isEmpty();
    }

    @Test
    void aLedgerThatTheCopyHasNeverHeardOfKeepsItsJournalWhenItIsClosed() {
        charge(100);
        time.advance(Duration.ofSeconds(1));
        authority.present = new InMemoryQuotaAuthority();

        close(ledger);

        assertThat(SegmentName.filesOf(directory, journal.writer())).isNotEmpty();
    }

    private void close(LeasedLedger last) {
        CompletableFuture<Void> closed = last.close().toCompletableFuture();
        time.advance(Duration.ofSeconds(20));
        now(closed);
    }

    private void charge(long units) {
        reserved(units).settle(Settlement.of("call", Quota.of(units)));
    }

    private Reservation reserved(long units) {
        CompletionStage<ReserveOutcome> outcome = ask(units);
        time.run();
        return reservation(now(outcome));
    }

    private CompletionStage<ReserveOutcome> ask(long units) {
        return ledger.reserve(USER, Quota.of(units));
    }

    private final class FailingOver implements QuotaAuthority {

        private QuotaAuthority present = primary;

        @Override
        public CompletionStage<Void> register(WriterId writer) {
            return present.register(writer);
        }

        @Override
        public CompletionStage<Answer> exchange(Exchange exchange) {
            return present.exchange(exchange);
        }

        @Override
        public CompletionStage<View> resync(WriterId writer, Set<Account> accounts) {
            return present.resync(writer, accounts);
        }

        @Override
        public CompletionStage<Void> recall(WriterId asking, Set<Account> accounts) {
            return present.recall(asking, accounts);
        }

        @Override
        public CompletionStage<View> beginClose(WriterId writer) {
            return present.beginClose(writer);
        }

        @Override
        public CompletionStage<Void> finishClose(WriterId writer) {
            return present.finishClose(writer);
        }
    }
}
