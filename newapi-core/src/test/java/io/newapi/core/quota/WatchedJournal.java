package io.newapi.core.quota;

import java.util.function.Consumer;

/** A journal in memory that can fail, and lets a test look on at the moment of an append. */
final class WatchedJournal implements UsageJournal {

    private final MemoryJournal inner;
    private volatile Consumer<JournalEntry> watcher = entry -> {};
    private volatile boolean failing;
    private volatile boolean full;
    private volatile boolean beingWritten;
    private volatile boolean deleted;

    WatchedJournal(WriterId writer) {
        inner = new MemoryJournal(writer);
    }

    /** Called before each append, successful or not. */
    void onAppend(Consumer<JournalEntry> action) {
        watcher = action;
    }

    void failing(boolean now) {
        failing = now;
    }

    void full(boolean now) {
        full = now;
    }

    /** Whether what is appended is only claimed so far, as by a thread that was stopped in the middle of it. */
    void beingWritten(boolean now) {
        beingWritten = now;
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
        return !full && inner.hasRoom();
    }

    @Override
    public void append(JournalEntry entry) {
        watcher.accept(entry);
        if (failing || deleted) {
            throw new JournalFailure("simulated: the disk is gone");
        }
        inner.append(entry);
    }

    @Override
    public Page read(long from, int limit) {
        return beingWritten ? Page.EMPTY : inner.read(from, limit);
    }

    @Override
    public boolean hasEntriesFrom(long position) {
        return inner.hasEntriesFrom(position);
    }

    @Override
    public void discardBefore(long position) {
        inner.discardBefore(position);
    }

    @Override
    public void prepareRoom() {
        inner.prepareRoom();
    }

    @Override
    public void delete() {
        deleted = true;
        inner.delete();
    }

    @Override
    public void close() {
        inner.close();
    }
}
