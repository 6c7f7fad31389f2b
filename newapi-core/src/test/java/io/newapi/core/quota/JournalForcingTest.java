package io.newapi.core.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What reaches the disk, and when. */
class JournalForcingTest {

    @TempDir
    Path directory;

    @Test
    void whoeverComesWhileAForceIsUnderWaySharesTheNext() throws InterruptedException {
        AtomicInteger forces = new AtomicInteger();
        CountDownLatch firstBegun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Forcing forcing = new Forcing(() -> {
            if (forces.incrementAndGet() == 1) {
                firstBegun.countDown();
                awaited(go);
            }
        });
        List<Thread> threads = new ArrayList<>();
        threads.add(started(forcing));
        awaited(firstBegun);
        for (int i = 0; i < 20; i++) {
            threads.add(started(forcing));
        }
        for (Thread waiting : threads.subList(1, 21)) {
            Threads.until("it waits", () -> waiting.getState() == Thread.State.WAITING);
        }

        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(forces).hasValue(2);
    }

    @Test
    void aForceThatBeganBeforeIsNotEnough() {
        AtomicInteger forces = new AtomicInteger();
        Forcing forcing = new Forcing(forces::incrementAndGet);

        forcing.force();
        forcing.force();

        assertThat(forces).hasValue(2);
    }

    @Test
    void aForceThatFailedIsRememberedUntilOneSucceeds() {
        AtomicBoolean broken = new AtomicBoolean(true);
        Forcing forcing = new Forcing(() -> {
            if (broken.get()) {
                throw new IOException("simulated: the disk is gone");
            }
        });

        forcing.force();
        assertThat(forcing.failed()).isTrue();
        broken.set(false);
        forcing.force();
        assertThat(forcing.failed()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(FsyncMode.class)
    void entriesAreReadWhicheverWayTheyAreForced(FsyncMode mode) {
        WriterId writer = WriterId.random(new SecureRandom());
        try (JournalDirectory owned = JournalDirectory.open(directory, JournalSettings.DEFAULT.withFsync(mode))) {
            FileJournal journal = owned.create(writer, JournalSettings.LEAST_SEGMENT_BYTES);

            Threads.together(4, () -> {
                for (int i = 0; i < 50; i++) {
                    journal.append(FileJournalTest.entry(i, "detail ".repeat(200)));
                }
                owned.tick();
                return true;
            });

            journal.prepareRoom();
            assertThat(journal.hasRoom()).isTrue();
            assertThat(owned.status().get(0).fsync()).isEqualTo(mode);
            assertThat(owned.openLeft(writer).read(0, 1_000).entries()).hasSize(200);
        }
    }

    @ParameterizedTest
    @EnumSource(FsyncMode.class)
    void aJournalThatIsMadeIsOnTheDiskWhereThatIsAskedFor(FsyncMode mode) {
        WriterId writer = WriterId.random(new SecureRandom());
        try (JournalDirectory owned = JournalDirectory.open(directory, JournalSettings.DEFAULT.withFsync(mode))) {
            FileJournal journal = owned.create(writer, JournalSettings.LEAST_SEGMENT_BYTES);

            assertThat(journal.forcedUntil()).isEqualTo(mode == FsyncMode.OFF ? 0 : SegmentHeader.BYTES);
        }
    }

    @Test
    void appendingGoesOnWhenWhatWasForcedIsBookedAndDiscarded() {
        WriterId writer = WriterId.random(new SecureRandom());
        JournalSettings always =
                JournalSettings.DEFAULT.withFsync(FsyncMode.ALWAYS).withKeepBooked(Duration.ZERO);
        try (JournalDirectory owned = JournalDirectory.open(directory, always)) {
            FileJournal journal = owned.create(writer, JournalSettings.LEAST_SEGMENT_BYTES);
            long position = 0;
            for (int i = 0; i < 100; i++) {
                journal.append(FileJournalTest.entry(i, "d".repeat(Settlement.MAX_DETAIL_CHARS)));
                UsageJournal.Page page = journal.read(position, 10);
                assertThat(page.entries()).hasSize(1);
                position = page.positions().get(0);
                journal.discardBefore(position);
                journal.prepareRoom();
            }
            assertThat(journal.hasRoom()).isTrue();
        }
    }

    private static Thread started(Forcing forcing) {
        Thread thread = new Thread(forcing::force);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
