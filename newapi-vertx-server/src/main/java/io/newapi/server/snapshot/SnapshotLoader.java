package io.newapi.server.snapshot;

import io.newapi.core.channel.Channel;
import io.newapi.core.channel.ChannelDirectory;
import io.newapi.server.shape.ChannelShape;
import io.newapi.server.shape.ChannelShapes;
import io.newapi.server.store.ChannelRow;
import io.newapi.server.store.Stores;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the configuration from the database. Blocks; for worker threads only. */
public final class SnapshotLoader {

    private final Stores stores;

    /** Reads from these stores. */
    public SnapshotLoader(Stores stores) {
        this.stores = stores;
    }

    /**
     * A snapshot and what could not be used of the database.
     *
     * @param problems in order of options, then channels
     */
    public record Loaded(GatewaySnapshot snapshot, List<Problem> problems) {

        /** Copies the list. */
        public Loaded {
            problems = List.copyOf(problems);
        }
    }

    private record Rows(Map<String, String> options, List<ChannelRow> channels) {}

    /**
     * Reads options and channels of one moment. A bad option keeps what it was in {@code previous}; a channel that cannot
     * be understood is left out, because calls by a guess would go to the wrong place.
     *
     * @param previous the snapshot in use, null at the first time
     * @throws io.newapi.server.store.DatabaseException if the database fails
     */
    public Loaded load(@Nullable GatewaySnapshot previous) {
        Rows rows = stores.consistently(
                () -> new Rows(stores.options().all(), stores.channels().all()));
        Options before = previous == null ? Options.defaults() : previous.options();
        Options.Reading reading = Options.read(rows.options(), before);
        Options options = reading.options();
        List<Problem> problems = new ArrayList<>(reading.problems());
        ChannelDirectory channels = ChannelDirectory.of(channels(rows.channels(), problems));
        ChannelShapes shapes =
                shapes(previous == null ? ChannelShapes.none() : previous.shapes(), rows.channels(), problems);
        GatewaySnapshot snapshot = previous != null && options.equals(before)
                ? new GatewaySnapshot(options, previous.prices(), previous.groups(), channels, shapes)
                : new GatewaySnapshot(options, options.prices(), options.groups(), channels, shapes);
        return new Loaded(snapshot, problems);
    }

    private static ChannelShapes shapes(ChannelShapes before, List<ChannelRow> rows, List<Problem> problems) {
        Map<Long, ChannelShape.Source> sources = new HashMap<>();
        rows.forEach(row -> sources.put(row.id(), ChannelReader.shapeOf(row)));
        ChannelShapes shapes = before.next(sources);
        for (ChannelRow row : rows) {
            shapes.of(row.id())
                    .fault()
                    .ifPresent(fault -> problems.add(new Problem(
                            "channel " + row.id(),
                            fault.column() + ": " + fault.reason() + "; calls of the channel fail")));
        }
        return shapes;
    }

    private static List<Channel> channels(List<ChannelRow> rows, List<Problem> problems) {
        List<Channel> channels = new ArrayList<>(rows.size());
        for (ChannelRow row : rows) {
            try {
                channels.add(ChannelReader.read(row));
            } catch (IllegalArgumentException e) {
                problems.add(new Problem("channel " + row.id(), e.getMessage() + "; the channel is not used"));
            }
        }
        return channels;
    }
}
