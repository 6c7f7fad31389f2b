package io.newapi.core.quota;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** What it takes to write a settlement down, with everything else that goes on meanwhile: reading, booking, making room. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class JournalAppendBenchmark {

    private static final int PAGE = 500;

    /** When it is forced to the disk. */
    @Param({"INTERVAL", "OFF"})
    public FsyncMode fsync = FsyncMode.INTERVAL;

    private final JournalEntry entry = new JournalEntry(
            Payer.limitedToken(17, 34),
            new Settlement(
                    "2026112606012345678abcdef", Quota.of(1_234), 5, 1, 1_180, 240, 1_790_000_000, "x".repeat(400)));

    private TemporaryDirectory directory;
    private JournalDirectory journals;
    private UsageJournal journal;
    private Thread booking;
    private volatile boolean ending;

    /** A journal whose entries are booked as fast as they can be read. */
    @Setup(Level.Iteration)
    public void open() throws IOException {
        directory = new TemporaryDirectory();
        journals = JournalDirectory.open(
                directory.path(), JournalSettings.DEFAULT.withFsync(fsync).withMaxBytes(512L * 1024 * 1024));
        journal = journals.create(WriterId.random(new SecureRandom()));
        ending = false;
        booking = new Thread(this::book);
        booking.start();
    }

    private void book() {
        long position = journal.start();
        while (!ending) {
            UsageJournal.Page page = journal.read(position, PAGE);
            if (!page.positions().isEmpty()) {
                position = page.positions().get(page.positions().size() - 1);
                journal.discardBefore(position);
            }
            journal.prepareRoom();
        }
    }

    /** Deletes it. */
    @TearDown(Level.Iteration)
    public void close() throws IOException, InterruptedException {
        ending = true;
        booking.join();
        journal.delete();
        journals.close();
        directory.close();
    }

    /** One thread appends. */
    @Benchmark
    public void append() {
        journal.append(entry);
    }

    /** Two threads append to one journal. */
    @Benchmark
    @Threads(2)
    public void appendByTwo() {
        journal.append(entry);
    }
}
