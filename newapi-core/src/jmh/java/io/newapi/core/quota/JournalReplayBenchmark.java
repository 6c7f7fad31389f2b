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
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** How fast a million settlements that an earlier run left are read, each checked and understood. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class JournalReplayBenchmark {

    private static final int ENTRIES = 1_000_000;
    private static final int PAGE = 500;

    private TemporaryDirectory directory;
    private JournalDirectory journals;
    private WriterId writer;

    /** Writes the journal, as a process that is then killed. */
    @Setup(Level.Trial)
    public void write() throws IOException {
        directory = new TemporaryDirectory();
        writer = WriterId.random(new SecureRandom());
        try (JournalDirectory before =
                JournalDirectory.open(directory.path(), JournalSettings.DEFAULT.withFsync(FsyncMode.OFF))) {
            UsageJournal journal = before.create(writer);
            for (int i = 0; i < ENTRIES; i++) {
                journal.append(new JournalEntry(
                        Payer.limitedToken(1 + i % 100, 1 + i % 300),
                        new Settlement("call-" + i, Quota.of(i), 5, 1, 1_180, 240, 1_790_000_000, "x".repeat(200))));
                journal.prepareRoom();
            }
        }
        journals = JournalDirectory.open(directory.path());
    }

    /** Deletes it. */
    @TearDown(Level.Trial)
    public void delete() throws IOException {
        journals.close();
        directory.close();
    }

    /** Opens and reads it all. */
    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public long replay() {
        long units = 0;
        int entries = 0;
        try (LeftJournal left = journals.openLeft(writer)) {
            UsageJournal.Page page = left.read(left.start(), PAGE);
            while (!page.entries().isEmpty()) {
                for (JournalEntry entry : page.entries()) {
                    units += entry.units();
                }
                entries += page.entries().size();
                page = left.read(page.positions().get(page.positions().size() - 1), PAGE);
            }
        }
        if (entries != ENTRIES) {
            throw new IllegalStateException("read " + entries);
        }
        return units;
    }
}
