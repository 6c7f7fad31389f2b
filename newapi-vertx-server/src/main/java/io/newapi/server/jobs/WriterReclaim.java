package io.newapi.server.jobs;

import io.newapi.core.quota.QuotaAuthority.WriterState;
import io.newapi.core.quota.WriterId;
import io.newapi.server.store.DatabaseException;
import io.newapi.server.store.SqlQuotaAuthority;
import io.newapi.server.store.SqlQuotaAuthority.LivingWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
 * a new name. One thread looks, again and again; the rest is thread-safe.
 */
public final class WriterReclaim {

    private static final Logger LOG = LoggerFactory.getLogger(WriterReclaim.class);

    /** How often to look. */
    public static final Duration INTERVAL = Duration.ofSeconds(5);

    private record Sighting(LivingWriter writer, long sinceNanos) {}

    /** What came of writing a writer off. */
    public enum WriteOff {
        /** What it held is back in the balances. */
        DONE,
        /** It had ended before; nothing was left to do. */
        ENDED_BEFORE,
        /** It lives, or was not watched for long enough to say that it does not. */
        MAY_LIVE,
        /** There is no such writer. */
        UNKNOWN
    }

    private final SqlQuotaAuthority authority;
    private final Duration patience;
    private final LongSupplier nanoClock;
    private volatile Map<WriterId, Sighting> sightings = Map.of();

    /**
     * An observer that has seen nobody yet.
     *
     * @param patience for how long a writer must stand still, longer than any lease; zero: nobody is ever closed by itself
     * @param nanoClock monotonic, in nanoseconds
     */
    public WriterReclaim(SqlQuotaAuthority authority, Duration patience, LongSupplier nanoClock) {
        this.authority = authority;
        this.patience = patience;
        this.nanoClock = nanoClock;
    }

    /** For how long a writer may spend without a word where observers have this patience: three quarters of it. */
    public static Duration leaseUnder(Duration patience) {
        return patience.multipliedBy(3).dividedBy(4);
    }

    /** Looks at all writers once, and closes those that have been silent for too long. Blocks. */
    public void look() {
        List<LivingWriter> living;
        try {
            living = authority.livingWriters();
        } catch (DatabaseException e) {
            // who cannot see has not observed anything: nothing may be concluded from the time that passed
            sightings = Map.of();
            throw e;
        }
        long now = nanoClock.getAsLong();
        Map<WriterId, Sighting> before = sightings;
        Map<WriterId, Sighting> seen = living.stream()
                .collect(Collectors.toMap(LivingWriter::writer, writer -> sighting(writer, before, now)));
        sightings = Map.copyOf(seen);
        for (Sighting sighting : seen.values()) {
            if (!patience.isZero() && now - sighting.sinceNanos() >= patience.toNanos()) {
                close(sighting.writer());
            }
        }
    }

    /** For how long this observer has seen an open writer stand still; empty when it has not seen it. */
    public Optional<Duration> silenceOf(WriterId writer) {
        return Optional.ofNullable(sightings.get(writer))
                .map(sighting -> Duration.ofNanos(nanoClock.getAsLong() - sighting.sinceNanos()));
    }

    /**
     * For how long a writer must have stood still before somebody may write it off without force: from then on it spends
     * nothing, even if it lives and is only cut off. Empty where a lease has no end, so that nothing tells the two apart.
     */
    public Optional<Duration> observation() {
        Duration lease = leaseUnder(patience);
        // clocks do not run alike
        Duration certain = lease.plus(lease.dividedBy(10));
        return patience.isZero() ? Optional.empty() : Optional.of(certain);
    }

    /**
     * Closes a writer because somebody says that it is gone for good, and gives back what it holds. Blocks. What it has
     * settled and nobody has booked is charged late, should its journal turn up.
     *
     * @param force whether to believe it even of a writer that may live: one that does finds itself closed, goes on under
     *     a new name, and what it has spent since its last exchange may be spent again by others until it is booked
     */
    public WriteOff writeOff(WriterId writer, boolean force) {
        WriterState state =
                authority.resync(writer, Set.of()).toCompletableFuture().join().state();
        return switch (state) {
            case MISSING -> WriteOff.UNKNOWN;
            case CLOSED -> WriteOff.ENDED_BEFORE;
            case CLOSING -> finished(writer);
            case OPEN -> force || closeSilent(writer) ? finished(writer) : WriteOff.MAY_LIVE;
        };
    }

    private WriteOff finished(WriterId writer) {
        authority
                .beginClose(writer)
                .thenCompose(begun -> authority.finishClose(writer))
                .toCompletableFuture()
                .join();
        LOG.warn("writer {} was written off: what it held was given back", writer);
        return WriteOff.DONE;
    }

    private boolean closeSilent(WriterId writer) {
        Sighting sighting = sightings.get(writer);
        return sighting != null
                && observation()
                        .filter(needed -> nanoClock.getAsLong() - sighting.sinceNanos() >= needed.toNanos())
                        .isPresent()
                && authority.reclaim(sighting.writer()).toCompletableFuture().join();
    }

    private static Sighting sighting(LivingWriter writer, Map<WriterId, Sighting> before, long now) {
        Sighting last = before.get(writer.writer());
        return last != null && last.writer().exchangeNo() == writer.exchangeNo()
                ? new Sighting(writer, last.sinceNanos())
                : new Sighting(writer, now);
    }

    private void close(LivingWriter writer) {
        boolean closed = authority.reclaim(writer).toCompletableFuture().join();
        Map<WriterId, Sighting> others = new HashMap<>(sightings);
        others.remove(writer.writer());
        sightings = Map.copyOf(others);
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
