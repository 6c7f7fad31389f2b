package io.newapi.core.quota;

import io.newapi.core.quota.QuotaAuthority.Exchange;
import io.newapi.core.quota.QuotaAuthority.View;
import io.newapi.core.quota.QuotaAuthority.WriterState;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Books what earlier runs left in their journals and gives back what they held. Each step may be repeated: the
 * authority's position decides what is still to be booked.
 */
public final class JournalRecovery {

    private static final int PAGE = 500;

    private final JournalDirectory directory;
    private final QuotaAuthority authority;
    private final @Nullable JournalFollower follower;

    /** Recovers the journals of {@code directory} into {@code authority}. */
    public JournalRecovery(JournalDirectory directory, QuotaAuthority authority) {
        this.directory = directory;
        this.authority = authority;
        this.follower = null;
    }

    /**
     * The same, with somebody who stores what is in them a second time: before that a journal is not deleted. A follower
     * that fails is no failure of the recovery: see {@link Recovered#waiting}.
     */
    public JournalRecovery(JournalDirectory directory, QuotaAuthority authority, JournalFollower follower) {
        this.directory = directory;
        this.authority = authority;
        this.follower = follower;
    }

    /**
     * What was done.
     *
     * @param journals how many journals were booked to their end
     * @param entries how many settlements had not been booked before
     * @param setAside writers whose journals are damaged: what is whole in them was booked, then they were renamed and kept
     *     for somebody to look at
     * @param foreign writers that the authority does not know. They belong to another one, which holds their leases, so
     *     nothing was booked and their journals were left as they are: a recovery into that other one finds them
     * @param waiting writers whose journals were booked to their end and are kept, because the follower has not stored
     *     them: the next recovery asks it again
     */
    public record Recovered(
            int journals, long entries, List<WriterId> setAside, List<WriterId> foreign, List<WriterId> waiting) {

        private static final Recovered NOTHING = new Recovered(0, 0, List.of(), List.of(), List.of());

        /** Immutable copies. */
        public Recovered {
            setAside = List.copyOf(setAside);
            foreign = List.copyOf(foreign);
            waiting = List.copyOf(waiting);
        }

        private static Recovered foreign(WriterId writer) {
            return new Recovered(0, 0, List.of(), List.of(writer), List.of());
        }

        private Recovered plus(Recovered other) {
            return new Recovered(
                    journals + other.journals,
                    entries + other.entries,
                    both(setAside, other.setAside),
                    both(foreign, other.foreign),
                    both(waiting, other.waiting));
        }

        private static List<WriterId> both(List<WriterId> some, List<WriterId> more) {
            return Stream.concat(some.stream(), more.stream()).toList();
        }
    }

    /** Books all journals, one after another, as {@link #recoverAllBut} does. */
    public CompletionStage<Recovered> recoverAll() {
        return recover(writer -> true, true);
    }

    /**
     * Books all journals as {@link #recoverAll} does, and does not ask the follower: what it has to store may take long.
     * Where there is a follower, every journal that was booked is then {@link Recovered#waiting}, and a later
     * {@link #recoverAll} does the rest.
     */
    public CompletionStage<Recovered> bookAll() {
        return recover(writer -> true, false);
    }

    /**
     * Books all journals but that of {@code current}, one after another. A journal that cannot be recovered now does not
     * keep the others from it.
     *
     * @return fails with the first failure, after all were tried; then it may be repeated at any time
     */
    public CompletionStage<Recovered> recoverAllBut(WriterId current) {
        return recover(writer -> !writer.equals(current), true);
    }

    /** A copy of a journal whose writer may live elsewhere is left alone. */
    private CompletionStage<Recovered> recover(Predicate<WriterId> wanted, boolean following) {
        return new CopiedJournals(directory, authority)
                .inUse()
                .thenCompose(inUse -> recoverEach(writer -> wanted.test(writer) && !inUse.contains(writer), following));
    }

    private CompletionStage<Recovered> recoverEach(Predicate<WriterId> wanted, boolean following) {
        CompletionStage<Progress> done = CompletableFuture.completedFuture(Progress.NONE);
        for (WriterId writer : directory.writersLeft()) {
            if (wanted.test(writer)) {
                done = done.thenCompose(before -> recover(writer, following).handle(before::with));
            }
        }
        return done.thenCompose(Progress::result);
    }

    private record Progress(Recovered recovered, @Nullable Throwable failure) {
        private static final Progress NONE = new Progress(Recovered.NOTHING, null);

        private Progress with(@Nullable Recovered more, @Nullable Throwable failed) {
            return new Progress(more == null ? recovered : recovered.plus(more), failure == null ? failed : failure);
        }

        private CompletionStage<Recovered> result() {
            return failure == null
                    ? CompletableFuture.completedFuture(recovered)
                    : CompletableFuture.failedFuture(failure);
        }
    }

    private CompletionStage<Recovered> recover(WriterId writer, boolean following) {
        try {
            LeftJournal journal = directory.openLeft(writer);
            return authority
                    .beginClose(writer)
                    .thenCompose(view -> view.state() == WriterState.MISSING
                            ? CompletableFuture.completedFuture(Recovered.foreign(writer))
                            : bookAndClose(journal, view, following))
                    .whenComplete((recovered, failure) -> journal.close());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletionStage<Recovered> bookAndClose(LeftJournal journal, View view, boolean following) {
        return book(journal, view, 0)
                .thenCompose(entries -> authority
                        .finishClose(journal.writer())
                        .thenCompose(closed -> isStored(journal, following))
                        .thenApply(stored -> {
                            if (!stored) {
                                return new Recovered(1, entries, List.of(), List.of(), List.of(journal.writer()));
                            }
                            if (journal.isDamaged() || journal.start() > view.appliedPosition()) {
                                return setAside(journal, entries);
                            }
                            journal.delete();
                            return new Recovered(1, entries, List.of(), List.of(), List.of());
                        }));
    }

    private CompletionStage<Boolean> isStored(LeftJournal journal, boolean following) {
        return following
                ? store(journal).handle((stored, failure) -> failure == null)
                : CompletableFuture.completedFuture(follower == null);
    }

    /** Asks at least once: the journal is deleted on the word of the follower, whatever an earlier run knew. */
    private CompletionStage<Void> store(LeftJournal journal) {
        if (follower == null) {
            return CompletableFuture.completedFuture(null);
        }
        try {
            return store(follower, journal, -1);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static CompletionStage<Void> store(JournalFollower follower, LeftJournal journal, long storedBefore) {
        return follower.follow(journal).thenCompose(position -> {
            if (!journal.hasEntriesFrom(position)) {
                return CompletableFuture.completedFuture(null);
            }
            if (position <= storedBefore) {
                throw new IllegalStateException("the follower stored nothing of " + journal + " from " + position);
            }
            return store(follower, journal, position);
        });
    }

    private Recovered setAside(LeftJournal journal, long entries) {
        journal.close();
        directory.setAside(journal.writer());
        return new Recovered(1, entries, List.of(journal.writer()), List.of(), List.of());
    }

    private CompletionStage<Long> book(LeftJournal journal, View view, long bookedBefore) {
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
        Exchange exchange = new Exchange(
                journal.writer(),
                view.appliedPosition(),
                page.entries(),
                page.positions(),
                Map.of(),
                List.of(),
                touched);
        return authority.exchange(exchange).thenCompose(answer -> {
            if (answer.view().appliedPosition() <= from) {
                throw new IllegalStateException("the authority booked nothing of " + journal + " from " + from);
            }
            return book(journal, answer.view(), bookedBefore + page.entries().size());
        });
    }
}
