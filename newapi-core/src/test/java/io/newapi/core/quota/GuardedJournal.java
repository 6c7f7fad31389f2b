package io.newapi.core.quota;

import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A journal that notices when something in it is discarded, or it is deleted, which somebody has not passed yet. For one
 * thread.
 */
final class GuardedJournal implements UsageJournal {

    private final UsageJournal inner;
    private final LongSupplier passedByAll;
    private final Consumer<String> alarm;
    private final boolean keeps;
    private boolean deleted;

    /**
     * Around {@code inner}.
     *
     * @param passedByAll up to where it was booked and stored, as the databases have it
     * @param alarm told of everything that should not have been given up
     * @param keeps whether what is discarded is kept all the same, as files are for a while
     */
    GuardedJournal(UsageJournal inner, LongSupplier passedByAll, Consumer<String> alarm, boolean keeps) {
        this.inner = inner;
        this.passedByAll = passedByAll;
        this.alarm = alarm;
        this.keeps = keeps;
    }

    boolean isDeleted() {
        return deleted;
    }

    @Override
    public WriterId writer() {
        return inner.writer();
    }

    @Override
    public long start() {
        return inner.start();
    }

    @Override
    public boolean hasRoom() {
        return inner.hasRoom();
    }

    @Override
    public void append(JournalEntry entry) {
        if (deleted) {
            alarm.accept("something was settled into " + this + ", which was deleted");
        }
        inner.append(entry);
    }

    @Override
    public Page read(long from, int limit) {
        return inner.read(from, limit);
    }

    @Override
    public boolean hasEntriesFrom(long position) {
        return inner.hasEntriesFrom(position);
    }

    @Override
    public void discardBefore(long position) {
        long passed = passedByAll.getAsLong();
        if (position > passed) {
            alarm.accept(this + " is discarded up to " + position + ", though only " + passed + " was passed by all");
        }
        if (!keeps) {
            inner.discardBefore(position);
        }
    }

    @Override
    public void prepareRoom() {
        inner.prepareRoom();
    }

    @Override
    public void delete() {
        long passed = passedByAll.getAsLong();
        if (inner.hasEntriesFrom(passed)) {
            alarm.accept(this + " is deleted, though only " + passed + " was passed by all");
        }
        deleted = true;
        inner.delete();
    }

    @Override
    public void close() {
        inner.close();
    }

    @Override
    public String toString() {
        return "the journal of writer " + writer();
    }
}
