package io.newapi.server.snapshot;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration in use. {@link #current} may be called by any thread and never waits; a reload replaces the whole
 * snapshot at once, one reload at a time.
 */
public final class Snapshots {

    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

    private final SnapshotLoader loader;
    private final AtomicLong loads = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile long loadedNanos;
    private volatile SnapshotLoader.Loaded loaded;

    private Snapshots(SnapshotLoader loader, SnapshotLoader.Loaded first) {
        this.loader = loader;
        this.loaded = first;
        this.loadedNanos = System.nanoTime();
        loads.incrementAndGet();
        report(List.of(), first.problems());
    }

    /**
     * Loads for the first time. Blocks.
     *
     * @throws io.newapi.server.store.DatabaseException if the database fails
     */
    public static Snapshots load(SnapshotLoader loader) {
        return new Snapshots(loader, loader.load(null));
    }

    /** The snapshot in use. Take it once for a request. */
    public GatewaySnapshot current() {
        return loaded.snapshot();
    }

    /** What could not be used of the database when the snapshot was loaded. */
    public List<Problem> problems() {
        return loaded.problems();
    }

    /** How old the snapshot in use is: the time since its loading began. */
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - loadedNanos);
    }

    /** How often it was loaded. */
    public long loads() {
        return loads.get();
    }

    /** How often it could not be loaded. */
    public long failures() {
        return failures.get();
    }

    /**
     * Loads again and replaces the snapshot. Blocks; for worker threads only.
     *
     * @return the new snapshot
     * @throws io.newapi.server.store.DatabaseException if the database fails; the old snapshot stays in use
     */
    public synchronized GatewaySnapshot reload() {
        SnapshotLoader.Loaded before = loaded;
        SnapshotLoader.Loaded now;
        long begunNanos = System.nanoTime();
        try {
            now = loader.load(before.snapshot());
        } catch (RuntimeException e) {
            failures.incrementAndGet();
            throw e;
        }
        loaded = now;
        loadedNanos = begunNanos;
        loads.incrementAndGet();
        report(before.problems(), now.problems());
        return now.snapshot();
    }

    /** Each problem once, not at every reload. */
    private static void report(List<Problem> known, List<Problem> problems) {
        problems.stream()
                .filter(problem -> !known.contains(problem))
                .forEach(problem -> LOG.warn("Stored configuration: {}", problem));
    }
}
