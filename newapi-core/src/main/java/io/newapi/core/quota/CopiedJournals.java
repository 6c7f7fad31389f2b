package io.newapi.core.quota;

import io.newapi.core.quota.QuotaAuthority.WriterState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The journals in a directory that were written at another place: somebody copied the directory, or moved its disk. Their
 * writers may live on where they were, and must not be closed because a copy of their journal turned up. One that does not
 * live is closed by whoever watches writers, when it has stood still for long enough, and then its journal is booked here.
 */
public final class CopiedJournals {

    private final JournalDirectory directory;
    private final QuotaAuthority authority;

    /** The copies in {@code directory}, of which {@code authority} knows whether their writers are open. */
    public CopiedJournals(JournalDirectory directory, QuotaAuthority authority) {
        this.directory = directory;
        this.authority = authority;
    }

    /**
     * The writers of copied journals that may be alive: open, or in a state that cannot be found out now. Their journals
     * are left alone.
     */
    public CompletionStage<Set<WriterId>> inUse() {
        List<CompletableFuture<Set<WriterId>>> asked = new ArrayList<>();
        for (WriterId writer : directory.writersElsewhere()) {
            asked.add(authority
                    .resync(writer, Set.of())
                    .handle((view, failure) ->
                            view == null || view.state() == WriterState.OPEN ? Set.of(writer) : Set.<WriterId>of())
                    .toCompletableFuture());
        }
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).thenApply(all -> {
            Set<WriterId> inUse = new HashSet<>();
            asked.forEach(one -> inUse.addAll(one.join()));
            return inUse;
        });
    }
}
