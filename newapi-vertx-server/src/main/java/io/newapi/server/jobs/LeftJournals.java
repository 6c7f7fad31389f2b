package io.newapi.server.jobs;

import io.newapi.core.quota.CopiedJournals;
import io.newapi.core.quota.JournalDirectory;
import io.newapi.core.quota.JournalFollower;
import io.newapi.core.quota.JournalRecovery;
import io.newapi.core.quota.QuotaAuthority;
import io.newapi.core.quota.WriterId;
import java.nio.file.Path;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Books what earlier runs left in the journal directory, and tells people about it. Log rows that are stored apart from
 * charges are left for later, because a start must not wait for them. A journal that was copied from another place waits
 * until its writer has ended. Thread-safe: one thread at a time books.
 */
public final class LeftJournals {

    private static final Logger LOG = LoggerFactory.getLogger(LeftJournals.class);

    private final JournalDirectory journals;
    private final QuotaAuthority authority;
    private final JournalRecovery recovery;
    private final Path directory;
    private volatile Set<WriterId> copiesInUse = Set.of();
    private volatile boolean rowsWait;

    /**
     * The journals in {@code journals} that are booked into {@code authority}.
     *
     * @param follower who stores the log rows that are apart from charges
     * @param directory its path, for people
     */
    public LeftJournals(JournalDirectory journals, QuotaAuthority authority, JournalFollower follower, Path directory) {
        this.journals = journals;
        this.authority = authority;
        this.recovery = new JournalRecovery(journals, authority, follower);
        this.directory = directory;
    }

    /** Books all that can be booked now; what is to be stored apart waits for {@link #storeRows}. Blocks; throws the first failure after all were tried. */
    public synchronized void book() {
        report(Blocking.await(recovery.bookAll()));
        copiesInUse = Blocking.await(new CopiedJournals(journals, authority).inUse());
        if (!copiesInUse.isEmpty()) {
            LOG.warn(
                    "{} holds journals that were written elsewhere by writers that may still run: it is a copy, or its disk"
                            + " was moved. They are booked as soon as their writers have ended: {}",
                    directory,
                    copiesInUse);
        }
    }

    /** Whether there are copied journals whose writers may be alive. */
    public boolean hasCopiesInUse() {
        return !copiesInUse.isEmpty();
    }

    /** Books the copies whose writers have ended since the last time, if there are any. Blocks. */
    public synchronized void bookCopies() {
        if (!hasCopiesInUse()) {
            return;
        }
        Set<WriterId> now = Blocking.await(new CopiedJournals(journals, authority).inUse());
        if (!now.equals(copiesInUse)) {
            report(Blocking.await(recovery.bookAll()));
            copiesInUse = now;
        }
    }

    /** Whether there are journals that are booked, and kept because of log rows that may not be stored yet. */
    public boolean rowsWait() {
        return rowsWait;
    }

    /** Stores the log rows that wait, if there are any, and deletes the journals that are done with. Blocks. */
    public synchronized void storeRows() {
        if (rowsWait) {
            JournalRecovery.Recovered recovered = Blocking.await(recovery.recoverAll());
            rowsWait = !recovered.waiting().isEmpty();
            reportDamage(recovered);
        }
    }

    private void report(JournalRecovery.Recovered recovered) {
        rowsWait = !recovered.waiting().isEmpty();
        if (recovered.journals() > 0) {
            LOG.info(
                    "booked {} settlements that {} earlier runs had left in their journals",
                    recovered.entries(),
                    recovered.journals());
        }
        reportDamage(recovered);
        if (!recovered.foreign().isEmpty()) {
            LOG.error(
                    "{} holds journals of {} earlier runs that this database does not know. They belong to another"
                            + " database and are kept as they are; a start with that database books them: {}",
                    directory,
                    recovered.foreign().size(),
                    recovered.foreign());
        }
    }

    private void reportDamage(JournalRecovery.Recovered recovered) {
        recovered
                .setAside()
                .forEach(writer -> LOG.error(
                        "the journal of writer {} in {} is damaged; what is whole in it was booked, and it was set aside",
                        writer,
                        directory));
    }
}
