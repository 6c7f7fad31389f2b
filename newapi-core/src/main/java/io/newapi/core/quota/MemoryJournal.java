package io.newapi.core.quota;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** A journal that ends with the process: for tests and for programs that keep no books between runs. Thread-safe. */
public final class MemoryJournal implements UsageJournal {

    private static final int MAX_ENTRIES = 1_000_000;

    private final WriterId writer;
    private final ArrayDeque<JournalEntry> entries = new ArrayDeque<>();
    private long first;

    /** An empty journal. */
    public MemoryJournal(WriterId writer) {
        this.writer = writer;
    }

    @Override
    public WriterId writer() {
        return writer;
    }

    @Override
    public long start() {
        return 0;
    }

    @Override
    public synchronized boolean hasRoom() {
        return entries.size() < MAX_ENTRIES;
    }

    @Override
    public synchronized void append(JournalEntry entry) {
        entries.addLast(entry);
    }

    @Override
    public synchronized Page read(long from, int limit) {
        if (from < first) {
            throw new IllegalArgumentException("entries before " + first + " were discarded; asked for " + from);
        }
        List<JournalEntry> page = new ArrayList<>();
        List<Long> positions = new ArrayList<>();
        long position = first;
        for (JournalEntry entry : entries) {
            if (page.size() == limit) {
                break;
            }
            if (position >= from) {
                page.add(entry);
                positions.add(position + 1);
            }
            position++;
        }
        return new Page(page, positions);
    }

    @Override
    public synchronized boolean hasEntriesFrom(long position) {
        return first + entries.size() > position;
    }

    @Override
    public synchronized void discardBefore(long position) {
        while (first < position && !entries.isEmpty()) {
            entries.removeFirst();
            first++;
        }
    }

    @Override
    public void prepareRoom() {
        // memory needs no preparation
    }

    @Override
    public synchronized void delete() {
        first += entries.size();
        entries.clear();
    }

    @Override
    public void close() {
        // nothing is open
    }
}
