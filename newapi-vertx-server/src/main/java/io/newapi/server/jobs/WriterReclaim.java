package io.newapi.server.jobs;

import io.newapi.core.quota.WriterId;
import io.newapi.server.store.DatabaseException;
import io.newapi.server.store.SqlQuotaAuthority;
import io.newapi.server.store.SqlQuotaAuthority.LivingWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back what nodes held that are gone. A writer whose exchange number has stood still for the whole patience of one
 * observer, by the observer's own monotonic clock, is closed; no other clock is believed. Any node may do it: the
 * database makes each step happen once.
 *
 * <p>A writer that lives never stands still for so long, and one that was stopped finds itself closed and goes on under
 * a new name. Not thread-safe: one thread looks, again and again.
 */
public final class WriterReclaim {

    private static final Logger LOG = LoggerFactory.getLogger(WriterReclaim.class);

    /** How often to look. */
    public static final Duration INTERVAL = Duration.ofSeconds(5);

    private record Sighting(LivingWriter writer, long sinceNanos) {}

    private final SqlQuotaAuthority authority;
    private final Duration patience;
    private final LongSupplier nanoClock;
    private Map<WriterId, Sighting> sightings = new HashMap<>();

    /**
     * An observer that has seen nobody yet.
     *
     * @param patience for how long a writer must stand still, longer than any lease
     * @param nanoClock monotonic, in nanoseconds
     */
    public WriterReclaim(SqlQuotaAuthority authority, Duration patience, LongSupplier nanoClock) {
        this.authority = authority;
        this.patience = patience;
        this.nanoClock = nanoClock;
    }

    /** Looks at all writers once, and closes those that have been silent for too long. Blocks. */
    public void look() {
        List<LivingWriter> living;
        try {
            living = authority.livingWriters();
        } catch (DatabaseException e) {
            // who cannot see has not observed anything: nothing may be concluded from the time that passed
            sightings = new HashMap<>();
            throw e;
        }
        long now = nanoClock.getAsLong();
        Map<WriterId, Sighting> before = sightings;
        sightings = living.stream()
                .collect(Collectors.toMap(LivingWriter::writer, writer -> sighting(writer, before, now)));
        for (Sighting sighting : List.copyOf(sightings.values())) {
            if (now - sighting.sinceNanos() >= patience.toNanos()) {
                close(sighting.writer());
            }
        }
    }

    private static Sighting sighting(LivingWriter writer, Map<WriterId, Sighting> before, long now) {
        Sighting last = before.get(writer.writer());
        return last != null && last.writer().exchangeNo() == writer.exchangeNo()
                ? new Sighting(writer, last.sinceNanos())
                : new Sighting(writer, now);
    }

    private void close(LivingWriter writer) {
        boolean closed = authority.reclaim(writer).toCompletableFuture().join();
        sightings.remove(writer.writer());
        if (closed) {
            LOG.warn(
                    "node {} has not been heard of for {} s: what its writer {} held was given back; what it has charged"
                            + " and not booked follows when it returns",
                    writer.nodeName(),
                    patience.toSeconds(),
                    writer.writer());
        }
    }
}
