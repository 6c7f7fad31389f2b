package io.newapi.core.quota;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * How far the follower of a living writer's journal has come, and when it is asked again. Without a follower it is
 * always ahead of everybody.
 *
 * <pre>
 *   IDLE --next--> ASKED --stored--> IDLE
 *                  ASKED --failed--> IDLE, after a pause
 * </pre>
 *
 * <p>For one thread.
 */
final class Following {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final @Nullable JournalFollower follower;
    private final UsageJournal journal;
    private final GrowingPause pause;

    private long position;
    private boolean due;
    private boolean asked;
    private @Nullable Throwable lastFailure;

    Following(@Nullable JournalFollower follower, UsageJournal journal, long nowNanos) {
        this.follower = follower;
        this.journal = journal;
        this.pause = new GrowingPause(FIRST_PAUSE, LONGEST_PAUSE, nowNanos);
        this.position = follower == null ? Long.MAX_VALUE : journal.start();
    }

    /** Everything before it is stored. */
    long position() {
        return position;
    }

    /** Whether something in the journal is not stored yet. */
    boolean isBehind() {
        return follower != null && journal.hasEntriesFrom(position);
    }

    /** Why the last call failed; null if it did not. */
    @Nullable
    Throwable lastFailure() {
        return lastFailure;
    }

    /** Something was written that should be stored now. */
    void due() {
        due = true;
    }

    boolean isDue(long nowNanos) {
        return due && !asked && pause.isOver(nowNanos) && isBehind() && isReadable();
    }

    /** Whether the next entry is whole. One that is still being written is looked at again in the next run. */
    private boolean isReadable() {
        try {
            return !journal.read(position, 1).entries().isEmpty();
        } catch (JournalFailure e) {
            // the follower meets it too, and reports it
            return true;
        }
    }

    /** Asks for the next page; {@link #stored} or {@link #failed} follows. */
    CompletionStage<Long> next() {
        asked = true;
        return follower == null ? CompletableFuture.completedFuture(position) : follower.follow(journal);
    }

    /** Whether that was any progress. */
    boolean stored(long upTo, long nowNanos) {
        if (upTo <= position) {
            failed(
                    new IllegalStateException("the follower stored nothing of " + journal + " behind " + position),
                    nowNanos);
            return false;
        }
        asked = false;
        position = upTo;
        pause.succeeded();
        lastFailure = null;
        // a full page may not be all
        due = isBehind();
        return true;
    }

    void failed(@Nullable Throwable why, long nowNanos) {
        asked = false;
        lastFailure = why;
        pause.begin(nowNanos);
    }
}
