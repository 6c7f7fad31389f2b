package io.newapi.core.quota;

import io.newapi.core.quota.QuotaAuthority.View;
import io.newapi.core.quota.QuotaAuthority.WriterState;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * How far a living writer's journal is booked, and what is to be booked next.
 *
 * <pre>
 *   settled --append--> in the journal --exchange--> booked --stored by the follower too--> discarded
 *           --the disk fails--> unwritten --append again--> in the journal
 * </pre>
 *
 * <p>{@link #record} and {@link #obstacle} may be called by any thread; everything else belongs to the teller's.
 */
final class Booking {

    private static final int MAX_ENTRIES = 500;

    private final UsageJournal journal;
    private final Following following;
    private final Queue<JournalEntry> unwritten = new ConcurrentLinkedQueue<>();

    private long position;
    private boolean due;
    private boolean forgotten;

    Booking(UsageJournal journal, Following following) {
        this.journal = journal;
        this.following = following;
        this.position = journal.start();
    }

    /** Takes what was settled, into the journal if it can be written. */
    void record(JournalEntry entry) {
        try {
            journal.append(entry);
        } catch (JournalFailure e) {
            // nothing is reserved until it could be written: it is an obstacle
            unwritten.add(entry);
        }
    }

    /** Why calls that begin now could not be settled; null if they could. */
    @Nullable
    String obstacle() {
        if (!unwritten.isEmpty()) {
            return "the settlement journal cannot be written";
        }
        return journal.hasRoom() ? null : "the settlement journal has no room";
    }

    /** @throws JournalFailure if there is something that still cannot be written */
    void writeUnwritten() {
        for (JournalEntry entry = unwritten.peek(); entry != null; entry = unwritten.peek()) {
            journal.append(entry);
            unwritten.remove();
            written();
        }
    }

    /** Something was written that should be booked and stored now. */
    void written() {
        due = true;
        following.due();
    }

    /** What stands behind the position should be booked now, whether or not it was tried before. */
    void again() {
        due = true;
    }

    void forgotten(boolean byTheAuthority) {
        forgotten = byTheAuthority;
    }

    /** Whether the authority does not know the writer: then nothing is booked, and the journal stays as it is. */
    boolean isForgotten() {
        return forgotten;
    }

    /** Everything before it is booked, as far as the authority has said. */
    long position() {
        return position;
    }

    /** Whether something in the journal is not booked yet. */
    boolean isBehind() {
        return journal.hasEntriesFrom(position);
    }

    /**
     * What is to be booked next.
     *
     * @param atOnce whether also what might wait for its neighbours
     */
    UsageJournal.Page next(boolean atOnce) {
        boolean wanted = (atOnce || due) && !forgotten && isBehind();
        UsageJournal.Page page = wanted ? journal.read(position, MAX_ENTRIES) : UsageJournal.Page.EMPTY;
        // a full page may not be all
        due = page.entries().size() == MAX_ENTRIES;
        return page;
    }

    /** Takes note of how far it is booked. */
    void booked(long upTo) {
        position = Math.max(position, upTo);
        discard();
    }

    /**
     * Whether the authority was put back to an older state, as by a failover to a copy that lagged behind. Then what was
     * booked since is booked again.
     */
    boolean wentBack(View view) {
        if (view.state() == WriterState.MISSING || view.appliedPosition() >= position) {
            return false;
        }
        position = view.appliedPosition();
        due = true;
        return true;
    }

    /** What is booked and stored is not read again. */
    void discard() {
        journal.discardBefore(passedByAll());
    }

    boolean isWritten() {
        return unwritten.isEmpty();
    }

    /** Whether everything is written, booked and stored. */
    boolean isDrained() {
        return !forgotten && isWritten() && !journal.hasEntriesFrom(passedByAll());
    }

    private long passedByAll() {
        return Math.min(position, following.position());
    }
}
