package io.newapi.examples.spring;

import io.newapi.core.quota.JournalDirectory;
import io.newapi.core.quota.JournalRecovery;
import io.newapi.core.quota.LeasedLedger;
import io.newapi.core.quota.LedgerClock;
import io.newapi.core.quota.LedgerListener;
import io.newapi.core.quota.LedgerSettings;
import io.newapi.core.quota.Payer;
import io.newapi.core.quota.Quota;
import io.newapi.core.quota.QuotaAuthority;
import io.newapi.core.quota.RenewedLedger;
import io.newapi.core.quota.ReserveOutcome;
import io.newapi.core.quota.UsageJournal;
import io.newapi.core.quota.WriterId;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * The application's one ledger, with its journal in files: a settled charge survives the end of the process. Opened at
 * start, when it also books what an earlier run could not; closed after the web server has answered its last call.
 */
@Component
final class CustomerLedger implements DisposableBean {

    private final ScheduledExecutorService teller =
            Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "teller"));
    private final SecureRandom random = new SecureRandom();
    private final QuotaAuthority authority;
    private final LedgerListener listener;
    private final JournalDirectory journals;
    private final RenewedLedger ledger;

    CustomerLedger(QuotaAuthority authority, LedgerListener listener, @Value("${meter.journals}") Path directory) {
        this.authority = authority;
        this.listener = listener;
        this.journals = JournalDirectory.open(directory);
        new JournalRecovery(journals, authority)
                .recoverAll()
                .toCompletableFuture()
                .join();
        this.ledger = RenewedLedger.open(this::next).toCompletableFuture().join();
    }

    private CompletionStage<LeasedLedger> next() {
        UsageJournal journal = journals.create(WriterId.random(random));
        return LeasedLedger.open(authority, journal, LedgerClock.system(), teller, LedgerSettings.DEFAULT, listener)
                .whenComplete((opened, failure) -> {
                    if (failure != null) {
                        // nothing is in it, and nobody knows its writer
                        journal.delete();
                    }
                });
    }

    /** Holds {@code amount} of a customer's quota; waits for the database only when it must be asked. */
    ReserveOutcome reserve(long customer, Quota amount) {
        return ledger.reserve(Payer.user(customer), amount)
                .toCompletableFuture()
                .join();
    }

    /** Books what was settled and gives back what is leased; fails if that is impossible, and then the next start does it. */
    @Override
    public void destroy() {
        try {
            ledger.close().toCompletableFuture().join();
        } finally {
            teller.shutdown();
            journals.close();
        }
    }
}
