package io.newapi.core.quota;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * A second database, in which the entries of journals are stored beside a position for each writer, and connections to it
 * that fail by chance. A commit in doubt may happen later, at the latest when the same writer's next is asked for, which
 * waits for it. For one thread.
 */
final class SecondStore {

    private static final int PAGE = 2;
    private static final Duration SLOWEST = Duration.ofSeconds(8);

    private final RandomGenerator chance;
    private final int faultyOneIn;
    private final Flaw flaw;
    private final Map<WriterId, Long> positions = new HashMap<>();
    private final Map<String, Integer> stored = new HashMap<>();
    private final Map<WriterId, Commit> undecided = new HashMap<>();
    private boolean calm;
    private boolean away;

    /** @param flaw a mistake that it makes, if it is one of a follower's */
    SecondStore(RandomGenerator chance, int faultyOneIn, Flaw flaw) {
        this.chance = chance;
        this.faultyOneIn = faultyOneIn;
        this.flaw = flaw;
    }

    /** Goes away for as long as it likes, or comes back. */
    void turn() {
        away = !away && !calm;
    }

    /** From here every call is answered. */
    void calm() {
        calm = true;
        away = false;
    }

    /** How often an entry is stored. */
    int stored(String id) {
        return stored.getOrDefault(id, 0);
    }

    /** The entries that are stored more than once. */
    List<String> storedTwice() {
        return stored.entrySet().stream()
                .filter(each -> each.getValue() > 1)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Everything of a writer before it is stored. */
    long position(WriterId writer) {
        return positions.getOrDefault(writer, 0L);
    }

    /** What was in doubt happens now, or never. */
    void decide(WriterId writer) {
        Commit commit = undecided.remove(writer);
        if (commit != null && chance.nextBoolean()) {
            carryOut(commit);
        }
    }

    /** Stores the rest of a journal, as long as nobody else does. */
    void storeAll(UsageJournal journal) {
        decide(journal.writer());
        while (journal.hasEntriesFrom(Math.max(position(journal.writer()), journal.start()))) {
            carryOut(next(journal));
        }
    }

    /** A connection of a process with this clock. */
    JournalFollower at(VirtualTime time) {
        return journal -> follow(journal, time);
    }

    /** What one call is to store. */
    private record Commit(WriterId writer, List<JournalEntry> entries, long position) {}

    private CompletionStage<Long> follow(UsageJournal journal, VirtualTime time) {
        if (away) {
            return lost();
        }
        decide(journal.writer());
        Commit commit = next(journal);
        if (calm || chance.nextInt(faultyOneIn) != 0) {
            return CompletableFuture.completedFuture(carryOut(commit));
        }
        return switch (chance.nextInt(6)) {
            case 0 -> lost();
            case 1 -> {
                carryOutBeforeItIsLost(commit);
                yield lost();
            }
            case 2 -> {
                undecided.put(journal.writer(), commit);
                yield flaw == Flaw.FOLLOWER_ANSWERS_TOO_EARLY
                        ? CompletableFuture.completedFuture(commit.position())
                        : lost();
            }
            case 3 -> throw new IllegalStateException("simulated: the client is broken");
            case 4 -> {
                long position = carryOut(commit);
                CompletableFuture<Long> heard = new CompletableFuture<>();
                later(time, () -> heard.complete(position));
                yield heard;
            }
            default -> {
                CompletableFuture<Long> heard = new CompletableFuture<>();
                undecided.put(journal.writer(), commit);
                later(time, () -> endSlowly(commit, heard));
                yield heard;
            }
        };
    }

    private Commit next(UsageJournal journal) {
        long from = Math.max(position(journal.writer()), journal.start());
        UsageJournal.Page page = journal.read(from, PAGE);
        List<Long> ends = page.positions();
        return new Commit(journal.writer(), page.entries(), ends.isEmpty() ? from : ends.get(ends.size() - 1));
    }

    private long carryOut(Commit commit) {
        store(commit);
        positions.put(commit.writer(), commit.position());
        return commit.position();
    }

    private void carryOutBeforeItIsLost(Commit commit) {
        if (flaw == Flaw.FOLLOWER_POSITION_APART) {
            store(commit);
        } else {
            carryOut(commit);
        }
    }

    private void store(Commit commit) {
        commit.entries().forEach(entry -> stored.merge(entry.settlement().requestId(), 1, Integer::sum));
    }

    /** Unless somebody else had to know earlier how it ended, and ended it. */
    private void endSlowly(Commit commit, CompletableFuture<Long> heard) {
        if (undecided.remove(commit.writer(), commit)) {
            heard.complete(carryOut(commit));
        } else {
            heard.completeExceptionally(new IOException("simulated: connection lost"));
        }
    }

    private void later(VirtualTime time, Runnable task) {
        var unused = time.schedule(task, chance.nextLong(SLOWEST.toMillis()), TimeUnit.MILLISECONDS);
    }

    private static CompletionStage<Long> lost() {
        return CompletableFuture.failedFuture(new IOException("simulated: connection lost"));
    }
}
