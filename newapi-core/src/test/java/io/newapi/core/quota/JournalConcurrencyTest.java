package io.newapi.core.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many threads append while one reads and discards: nothing is lost, doubled or out of order. */
class JournalConcurrencyTest {

    private static final int APPENDERS = 4;
    private static final int ENTRIES = 5_000;

    @TempDir
    Path directory;

    @Test
    @Timeout(120)
    void aReaderSeesEachEntryOnceAndInTheOrderOfTheFile() {
        WriterId writer = WriterId.random(new SecureRandom());
        try (JournalDirectory owned =
                JournalDirectory.open(directory, JournalSettings.DEFAULT.withKeepBooked(Duration.ZERO))) {
            FileJournal journal = owned.create(writer, JournalSettings.LEAST_SEGMENT_BYTES);
            AtomicInteger threads = new AtomicInteger();
            List<JournalEntry> read = new ArrayList<>();
            List<Long> ends = new ArrayList<>();

            Threads.together(APPENDERS + 1, () -> {
                int me = threads.getAndIncrement();
                if (me == APPENDERS) {
                    readAll(journal, read, ends);
                } else {
                    appendAll(journal, me);
                }
                return true;
            });

            assertThat(ends).isSorted().doesNotHaveDuplicates();
            Map<Long, Integer> next = new HashMap<>();
            for (JournalEntry entry : read) {
                long appender = entry.payer().userId();
                int expected = next.merge(appender, 1, Integer::sum) - 1;
                assertThat(entry).isEqualTo(entry((int) appender - 1, expected));
            }
            assertThat(next.values()).hasSize(APPENDERS).containsOnly(ENTRIES);
            assertThat(journal.hasEntriesFrom(ends.get(ends.size() - 1))).isFalse();
        }
    }

    private static void appendAll(FileJournal journal, int appender) {
        for (int i = 0; i < ENTRIES; i++) {
            journal.append(entry(appender, i));
        }
    }

    private static void readAll(FileJournal journal, List<JournalEntry> read, List<Long> ends) {
        long position = journal.start();
        while (read.size() < APPENDERS * ENTRIES) {
            UsageJournal.Page page = journal.read(position, 100);
            read.addAll(page.entries());
            ends.addAll(page.positions());
            if (page.entries().isEmpty()) {
                Thread.onSpinWait();
            } else {
                position = page.positions().get(page.positions().size() - 1);
                journal.discardBefore(position);
                journal.prepareRoom();
            }
        }
    }

    private static JournalEntry entry(int appender, int number) {
        return new JournalEntry(
                Payer.user(appender + 1),
                new Settlement(
                        "call-" + number, Quota.of(number), 0, 1, appender, number, 0, "x".repeat(number * 7 % 400)));
    }
}
