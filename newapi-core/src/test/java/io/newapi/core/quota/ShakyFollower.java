package io.newapi.core.quota;

import io.newapi.core.quota.ShakyAuthority.Fault;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A follower behind a bad connection, that remembers what it stored as a database would. */
final class ShakyFollower implements JournalFollower {

    private final int page;
    private final Map<WriterId, Long> positions = new HashMap<>();
    private final List<JournalEntry> stored = new ArrayList<>();
    private final Deque<Fault> next = new ArrayDeque<>();
    private final List<Runnable> hanging = new ArrayList<>();
    private Fault otherwise = Fault.NONE;
    private boolean idle;
    private int calls;

    /** @param page how many entries it stores at a time */
    ShakyFollower(int page) {
        this.page = page;
    }

    /** What becomes of the next calls, one by one. */
    void next(Fault... faults) {
        next.addAll(List.of(faults));
    }

    /** What becomes of all calls that {@link #next} says nothing about. */
    void always(Fault fault) {
        otherwise = fault;
    }

    /** From here every call is answered, but nothing is stored. */
    void doingNothing() {
        idle = true;
    }

    /** From here every call is answered, and those that hang go on. */
    void calm() {
        next.clear();
        otherwise = Fault.NONE;
        List<Runnable> all = List.copyOf(hanging);
        hanging.clear();
        all.forEach(Runnable::run);
    }

    /** The ids of the calls that are stored, in order. */
    List<String> storedIds() {
        return stored.stream().map(entry -> entry.settlement().requestId()).toList();
    }

    int calls() {
        return calls;
    }

    @Override
    public CompletionStage<Long> follow(UsageJournal journal) {
        calls++;
        Fault planned = next.poll();
        return switch (planned != null ? planned : otherwise) {
            case NONE -> CompletableFuture.completedFuture(store(journal));
            case NOT_APPLIED, LOST_BEFORE -> lost();
            case LOST_AFTER -> {
                store(journal);
                yield lost();
            }
            case THROWS -> throw new IllegalStateException("the client is broken");
            case HANGS -> {
                CompletableFuture<Long> answer = new CompletableFuture<>();
                hanging.add(() -> answer.complete(store(journal)));
                yield answer;
            }
        };
    }

    private long store(UsageJournal journal) {
        long from = positions.getOrDefault(journal.writer(), journal.start());
        UsageJournal.Page entries = idle ? UsageJournal.Page.EMPTY : journal.read(from, page);
        stored.addAll(entries.entries());
        long position = entries.positions().isEmpty()
                ? from
                : entries.positions().get(entries.positions().size() - 1);
        positions.put(journal.writer(), position);
        return position;
    }

    private static CompletionStage<Long> lost() {
        return CompletableFuture.failedFuture(new IOException("simulated: connection lost"));
    }
}
