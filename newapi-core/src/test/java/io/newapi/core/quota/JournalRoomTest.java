package io.newapi.core.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much of a disk journals take, and what happens when that is not enough. */
class JournalRoomTest {

    private static final int SEGMENT = JournalSettings.LEAST_SEGMENT_BYTES;
    private static final String DETAIL = "d".repeat(Settlement.MAX_DETAIL_CHARS);

    @TempDir
    Path directory;

    private final AtomicLong nanos = new AtomicLong();
    private final WriterId writer = WriterId.random(new SecureRandom());

    @SuppressWarnings("NullAway.Init")
    private JournalDirectory owned;

    @AfterEach
    void free() {
        owned.close();
    }

    @Test
    void beyondTheBoundNewCallsAreRefusedAndTheSettlementsOfAcceptedOnesAreStillWritten() {
        FileJournal journal = journal(atMost(4));
        List<JournalEntry> written = fillWhileThereIsRoom(journal);

        assertThat(onDisk()).isEqualTo(4L * SEGMENT);
        for (int i = 0; i < 40; i++) {
            written.add(append(journal, written.size()));
            journal.prepareRoom();
        }

        assertThat(journal.hasRoom()).isFalse();
        assertThat(journal.read(0, 1_000).entries()).isEqualTo(written);
        assertThat(owned.openLeft(writer).read(0, 1_000).entries()).isEqualTo(written);
    }

    @Test
    void acceptedCallsHaveAWholeSegmentToSettleInWithoutAnythingBeingMade() {
        FileJournal journal = journal(atMost(4));
        fillWhileThereIsRoom(journal);
        long before = onDisk();

        for (int i = 0; i < SEGMENT / (DETAIL.length() + 1_024) - 1; i++) {
            append(journal, i);
        }

        assertThat(onDisk()).isEqualTo(before);
    }

    @Test
    void whatWasBookedGivesItsRoomBackWhenItIsNeededThoughItsTimeIsNotOver() {
        FileJournal journal = journal(atMost(5));
        fillWhileThereIsRoom(journal);
        List<Long> ends = journal.read(0, 1_000).positions();

        journal.discardBefore(ends.get(ends.size() - 1));
        assertThat(journal.hasRoom()).isFalse();
        assertThat(onDisk()).isEqualTo(5L * SEGMENT);
        journal.prepareRoom();

        assertThat(journal.hasRoom()).isTrue();
        assertThat(onDisk()).isEqualTo(5L * SEGMENT);
        assertThat(SegmentName.file(directory, writer, 0)).doesNotExist();
    }

    @Test
    void whatWasBookedIsKeptWhenItIsNotRoomThatIsMissing() throws IOException {
        FileJournal journal = journal(atMost(20));
        for (int i = 0; i < 60; i++) {
            append(journal, i);
            journal.prepareRoom();
        }
        List<Long> ends = journal.read(0, 1_000).positions();
        journal.discardBefore(ends.get(59));
        int next =
                owned.status().get(0).segments() + (int) (owned.status().get(0).bookedBytes() / SEGMENT);
        Files.createDirectory(SegmentName.file(directory, writer, next));

        while (journal.hasRoom()) {
            append(journal, 0);
            journal.prepareRoom();
        }

        assertThat(SegmentName.file(directory, writer, 0)).exists();
        assertThat(journal.read(0, 60).positions()).isEqualTo(ends);
    }

    @Test
    void bookedSegmentsAreKeptForAnHourAndCanBeReadMeanwhile() {
        FileJournal journal = journal(JournalSettings.DEFAULT);
        List<JournalEntry> written = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            written.add(append(journal, i));
            journal.prepareRoom();
        }
        List<Long> ends = journal.read(0, 1_000).positions();
        journal.discardBefore(ends.get(59));

        nanos.addAndGet(Duration.ofMinutes(59).toNanos());
        owned.tick();
        assertThat(journal.start()).isZero();
        assertThat(journal.read(0, 1_000).entries()).isEqualTo(written);
        assertThat(owned.status().get(0).bookedBytes()).isPositive();

        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        owned.tick();
        assertThat(SegmentName.file(directory, writer, 0)).doesNotExist();
        assertThat(owned.status().get(0).bookedBytes()).isZero();
        assertThat(journal.start()).isPositive();
        assertThat(journal.hasRoom()).isTrue();
    }

    @Test
    void allJournalsOfADirectoryShareItsBoundAndADeletedOneGivesItsPartBack() {
        FileJournal first = journal(atMost(5));
        first.prepareRoom();
        FileJournal second = owned.create(WriterId.random(new SecureRandom()), SEGMENT);
        fillWhileThereIsRoom(second);
        assertThat(second.hasRoom()).isFalse();

        first.delete();
        second.prepareRoom();

        assertThat(second.hasRoom()).isTrue();
        assertThat(owned.status()).extracting(JournalStatus::writer).containsExactly(second.writer());
    }

    @Test
    void theStatusSaysWhatIsNotBookedYet() {
        FileJournal journal = journal(JournalSettings.DEFAULT);
        assertThat(owned.status())
                .containsExactly(new JournalStatus(writer, 2, 2L * SEGMENT, 0, 0, true, FsyncMode.INTERVAL));

        append(journal, 0);
        long end = journal.read(0, 1).positions().get(0);
        append(journal, 1);

        assertThat(owned.status().get(0).lagBytes()).isEqualTo(2 * (end - SegmentHeader.BYTES));
        journal.discardBefore(end);
        assertThat(owned.status().get(0).lagBytes()).isEqualTo(end - SegmentHeader.BYTES);
    }

    @Test
    void aJournalBeginsSmallAndItsSegmentsGrow() {
        owned = JournalDirectory.open(directory);
        FileJournal journal = owned.create(writer, 64 * 1024 * 1024);

        assertThat(onDisk()).isEqualTo(3L * 1024 * 1024);
        journal.prepareRoom();
        assertThat(onDisk()).isEqualTo(7L * 1024 * 1024);
    }

    private static JournalSettings atMost(int segments) {
        return JournalSettings.DEFAULT.withSegmentBytes(SEGMENT).withMaxBytes((long) segments * SEGMENT);
    }

    private FileJournal journal(JournalSettings settings) {
        owned = JournalDirectory.open(directory, settings, nanos::get);
        return owned.create(writer, SEGMENT);
    }

    private static List<JournalEntry> fillWhileThereIsRoom(FileJournal journal) {
        List<JournalEntry> written = new ArrayList<>();
        journal.prepareRoom();
        while (journal.hasRoom()) {
            written.add(append(journal, written.size()));
            journal.prepareRoom();
        }
        return written;
    }

    private static JournalEntry append(FileJournal journal, int number) {
        JournalEntry entry = FileJournalTest.entry(number, DETAIL);
        journal.append(entry);
        return entry;
    }

    private long onDisk() {
        try (Stream<Path> files = Files.list(directory)) {
            long bytes = 0;
            for (Path file : files.filter(SegmentName::matches).toList()) {
                bytes += Files.size(file);
            }
            return bytes;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
