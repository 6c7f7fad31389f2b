package io.newapi.core.channel;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among the keys of a channel, and remembers where the turn of each {@link KeyMode#POLLING} channel stands.
 *
 * <p>The turns live here and not in the channel, so that channels stay immutable and a new {@link ChannelDirectory} does
 * not start every turn again. Thread-safe without locks: concurrent calls get the keys of a turn one each.
 */
public final class ChannelKeyRing {

    /** So often another thread may take the probe of the key that was chosen. */
    private static final int PROBES = 3;

    private final ConcurrentMap<Long, AtomicInteger> turns = new ConcurrentHashMap<>();

    /**
     * The key for the next attempt: an enabled one, of those the least tried by this call, and of those a random one or the
     * next in turn.
     *
     * @param random used for {@link KeyMode#RANDOM}
     * @throws IllegalStateException if every key of {@code channel} is disabled
     */
    public SelectedKey next(Channel channel, Tried tried, RandomGenerator random) {
        return next(channel, tried, random, null, null);
    }

    /**
     * The same, but of the least tried keys the ones that are not cooling down, and of those, if the call has an affinity,
     * the one that the affinity prefers, whatever the mode.
     *
     * @param health null if every key is well
     */
    SelectedKey next(
            Channel channel,
            Tried tried,
            RandomGenerator random,
            @Nullable AffinityKey affinity,
            @Nullable ChannelHealth health) {
        if (channel.keys() instanceof ChannelKeys.Single single) {
            return new SelectedKey(0, single.key());
        }
        ChannelKeys.Slot slot = choose(channel, tried, random, affinity, health);
        for (int probes = 1; health != null && probes < PROBES && !mayCall(channel, slot, health); probes++) {
            slot = choose(channel, tried, random, affinity, health);
        }
        return new SelectedKey(slot.index(), slot.key());
    }

    /** Forgets the turns of channels that {@code directory} does not have; call it when the directory changes. */
    public void retain(ChannelDirectory directory) {
        turns.keySet().removeIf(id -> directory.byId(id).isEmpty());
    }

    /** Whether it is no probe, or the probe is ours. */
    private static boolean mayCall(Channel channel, ChannelKeys.Slot slot, ChannelHealth health) {
        long now = health.nanoTime();
        return health.keyStanding(channel.id(), slot.key(), now) != Standing.DUE
                || health.probeKey(channel.id(), slot, now);
    }

    private ChannelKeys.Slot choose(
            Channel channel,
            Tried tried,
            RandomGenerator random,
            @Nullable AffinityKey affinity,
            @Nullable ChannelHealth health) {
        List<ChannelKeys.Slot> slots = channel.keys().slots();
        if (affinity != null) {
            return slots.get(best(channel, 0, tried, health, slot -> affinity.bitsFor(hash(slot))));
        }
        return switch (channel.keys().mode()) {
            case RANDOM -> slots.get(best(channel, 0, tried, health, slot -> random.nextLong()));
            case POLLING -> nextInTurn(channel, tried, health);
        };
    }

    private ChannelKeys.Slot nextInTurn(Channel channel, Tried tried, @Nullable ChannelHealth health) {
        List<ChannelKeys.Slot> slots = channel.keys().slots();
        AtomicInteger turn = turns.computeIfAbsent(channel.id(), id -> new AtomicInteger());
        while (true) {
            int start = turn.get();
            int chosen = best(channel, start % slots.size(), tried, health, slot -> 0);
            if (turn.compareAndSet(start, (chosen + 1) % slots.size())) {
                return slots.get(chosen);
            }
        }
    }

    /**
     * The place of the best key, in one pass that begins at {@code start}: the least tried, then the one that stands best,
     * then the one with the highest lot, then the first.
     */
    private static int best(
            Channel channel,
            int start,
            Tried tried,
            @Nullable ChannelHealth health,
            ToLongFunction<ChannelKeys.Slot> lots) {
        List<ChannelKeys.Slot> slots = channel.keys().slots();
        long now = health == null ? 0 : health.nanoTime();
        int best = -1;
        int bestRank = Integer.MAX_VALUE;
        int bestStanding = Integer.MAX_VALUE;
        long bestLot = 0;
        for (int i = 0; i < slots.size(); i++) {
            int place = (start + i) % slots.size();
            ChannelKeys.Slot slot = slots.get(place);
            if (!slot.enabled()) {
                continue;
            }
            int rank = tried.rank(slot);
            int standing = health == null
                    ? 0
                    : health.keyStanding(channel.id(), slot.key(), now).rank();
            int order = Integer.compare(rank, bestRank);
            order = order != 0 ? order : Integer.compare(standing, bestStanding);
            if (best < 0 || order <= 0) {
                long lot = lots.applyAsLong(slot);
                if (best < 0 || order < 0 || lot > bestLot) {
                    best = place;
                    bestRank = rank;
                    bestStanding = standing;
                    bestLot = lot;
                }
            }
        }
        if (best < 0) {
            throw new IllegalStateException("every key is disabled: " + channel);
        }
        return best;
    }

    /** The same on every node, and kept by the text. */
    private static long hash(ChannelKeys.Slot slot) {
        return slot.key().hashCode();
    }
}
