package io.newapi.server.snapshot;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration in use. {@link #current} may be called by any thread and never waits; a reload replaces the whole
 * snapshot at once, one reload at a time.
 */
public final class Snapshots {

    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

    private final SnapshotLoader loader;
    private volatile SnapshotLoader.Loaded loaded;

    private Snapshots(SnapshotLoader loader, SnapshotLoader.Loaded first) {
        this.loader = loader;
        this.loaded = first;
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

    /**
     * Loads again and replaces the snapshot. Blocks; for worker threads only.
     *
     * @return the new snapshot
     * @throws io.newapi.server.store.DatabaseException if the database fails; the old snapshot stays in use
     */
    public synchronized GatewaySnapshot reload() {
        SnapshotLoader.Loaded before = loaded;
        SnapshotLoader.Loaded now = loader.load(before.snapshot());
        loaded = now;
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
