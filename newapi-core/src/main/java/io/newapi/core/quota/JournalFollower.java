package io.newapi.core.quota;

import java.util.concurrent.CompletionStage;

/**
 * A second reader of journals, beside the authority: it stores what stands in them somewhere else (a gateway's log rows
 * in a database of their own), with a position of its own that it keeps where it stores them.
 *
 * <p>The authority and the follower know nothing of each other. One that is away delays nothing of the other's work, and
 * either may be ahead. What both have passed is no longer needed: only then is a part of a journal discarded, and a
 * journal deleted.
 *
 * <p>Whoever drives a follower (the teller of a living writer, or {@link JournalRecovery}) remembers nothing that
 * matters: a call that failed, or whose answer was lost, is simply repeated, because each begins from the position that
 * is stored. A call is made only for a journal that belongs to this process, one at a time for each writer, and may come
 * on any thread.
 */
@FunctionalInterface
public interface JournalFollower {

    /**
     * Stores the next entries of a journal together with the new position, all or nothing; one bounded page of them. It
     * begins from the stored position, or from the start of the journal when none is stored.
     *
     * @return the position that is stored now, once that is certain: everything before it is stored and will not be
     *     asked for again. It was made certain by a change that was acknowledged after the position had been read, even
     *     when there was nothing to store. Fails when it is not certain; then the call may be repeated at any time
     */
    CompletionStage<Long> follow(UsageJournal journal);
}
