package io.newapi.core.quota;

import io.newapi.core.quota.QuotaAuthority.Exchange;
import io.newapi.core.quota.QuotaAuthority.View;
import io.newapi.core.quota.QuotaAuthority.WriterState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Books what earlier runs left in their journals and gives back what they held. Each step may be repeated: the
 * authority's position decides what is still to be booked.
 */
public final class JournalRecovery {

    private static final int PAGE = 500;

    private final JournalDirectory directory;
    private final QuotaAuthority authority;

    /** Recovers the journals of {@code directory} into {@code authority}. */
    public JournalRecovery(JournalDirectory directory, QuotaAuthority authority) {
        this.directory = directory;
        this.authority = authority;
    }

    /**
     * What was done.
     *
     * @param journals how many journals were booked to their end and deleted
     * @param entries how many settlements had not been booked before
     * @param setAside writers that the authority does not know; their journals were renamed and not booked
     */
    public record Recovered(int journals, long entries, List<WriterId> setAside) {
        /** An immutable copy. */
        public Recovered {
            setAside = List.copyOf(setAside);
        }

        private Recovered plus(Recovered other) {
            List<WriterId> both = new ArrayList<>(setAside);
            both.addAll(other.setAside);
            return new Recovered(journals + other.journals, entries + other.entries, both);
        }
    }

    /** Books all journals but that of {@code current}, one after another. */
    public CompletionStage<Recovered> recoverAllBut(WriterId current) {
        CompletionStage<Recovered> done = CompletableFuture.completedFuture(new Recovered(0, 0, List.of()));
        for (UsageJournal journal : directory.left()) {
            if (!journal.writer().equals(current)) {
                done = done.thenCompose(before -> recover(journal).thenApply(before::plus));
            }
        }
        return done;
    }

    private CompletionStage<Recovered> recover(UsageJournal journal) {
        return authority.beginClose(journal.writer()).thenCompose(view -> {
            if (view.state() == WriterState.MISSING) {
                journal.close();
                directory.setAside(journal.writer());
                return CompletableFuture.completedFuture(new Recovered(0, 0, List.of(journal.writer())));
            }
            return book(journal, view, 0)
                    .thenCompose(entries -> authority
                            .finishClose(journal.writer())
                            .thenApply(closed -> {
                                journal.delete();
                                return new Recovered(1, entries, List.of());
                            }));
        });
    }

    private CompletionStage<Long> book(UsageJournal journal, View view, long bookedBefore) {
        long from = Math.max(view.appliedPosition(), journal.start());
        UsageJournal.Page page = journal.read(from, PAGE);
        if (page.entries().isEmpty()) {
            return CompletableFuture.completedFuture(bookedBefore);
        }
        Set<Account> touched = new HashSet<>();
        for (JournalEntry entry : page.entries()) {
            touched.add(entry.payer().userAccount());
            entry.payer().limitAccount().ifPresent(touched::add);
        }
        Exchange exchange =
                new Exchange(journal.writer(), from, page.entries(), page.positions(), Map.of(), List.of(), touched);
        return authority
                .exchange(exchange)
                .thenCompose(answer -> book(
                        journal, answer.view(), bookedBefore + page.entries().size()));
    }
}
