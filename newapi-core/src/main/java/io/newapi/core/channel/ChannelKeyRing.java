package io.newapi.core.channel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * Chooses among the keys of a channel, and remembers where the turn of each {@link KeyMode#POLLING} channel stands.
 *
 * <p>The turns live here and not in the channel, so that channels stay immutable and a new {@link ChannelDirectory} does
 * not start every turn again. Thread-safe without locks: concurrent calls get the keys of a turn one each.
 */
public final class ChannelKeyRing {

    private final ConcurrentMap<Long, AtomicInteger> turns = new ConcurrentHashMap<>();

    /**
     * The key for the next attempt: an enabled one, of those the least tried by this call, and of those a random one or the
     * next in turn.
     *
     * @param random used for {@link KeyMode#RANDOM}
     * @throws IllegalStateException if every key of {@code channel} is disabled
     */
    public SelectedKey next(Channel channel, Tried tried, RandomGenerator random) {
        if (channel.keys() instanceof ChannelKeys.Single single) {
            return new SelectedKey(0, single.key());
        }
        List<ChannelKeys.Slot> slots = channel.keys().slots();
        int least = leastRank(slots, tried);
        if (least == Integer.MAX_VALUE) {
            throw new IllegalStateException("every key is disabled: " + channel);
        }
        ChannelKeys.Slot slot = switch (channel.keys().mode()) {
            case RANDOM -> anyOf(slots, least, tried, random);
            case POLLING -> nextInTurn(channel.id(), slots, least, tried);
        };
        return new SelectedKey(slot.index(), slot.key());
    }

    /** Forgets the turns of channels that {@code directory} does not have; call it when the directory changes. */
    public void retain(ChannelDirectory directory) {
        turns.keySet().removeIf(id -> directory.byId(id).isEmpty());
    }

    private static int leastRank(List<ChannelKeys.Slot> slots, Tried tried) {
        int least = Integer.MAX_VALUE;
        for (ChannelKeys.Slot slot : slots) {
            if (slot.enabled()) {
                least = Math.min(least, tried.rank(slot));
            }
        }
        return least;
    }

    private static ChannelKeys.Slot anyOf(List<ChannelKeys.Slot> slots, int rank, Tried tried, RandomGenerator random) {
        List<ChannelKeys.Slot> choice = new ArrayList<>(slots.size());
        for (ChannelKeys.Slot slot : slots) {
            if (slot.enabled() && tried.rank(slot) == rank) {
                choice.add(slot);
            }
        }
        return choice.get(random.nextInt(choice.size()));
    }

    private ChannelKeys.Slot nextInTurn(long channelId, List<ChannelKeys.Slot> slots, int rank, Tried tried) {
        AtomicInteger turn = turns.computeIfAbsent(channelId, id -> new AtomicInteger());
        while (true) {
            int start = turn.get();
            int chosen = start % slots.size();
            while (!slots.get(chosen).enabled() || tried.rank(slots.get(chosen)) != rank) {
                chosen = (chosen + 1) % slots.size();
            }
            if (turn.compareAndSet(start, (chosen + 1) % slots.size())) {
                return slots.get(chosen);
            }
        }
    }
}
