package io.newapi.core.channel;

import io.newapi.core.channel.Selection.NoChannel;
import io.newapi.core.channel.Selection.Selected;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Chooses the channel for each attempt of a call.
 *
 * <p>The candidates that this call has tried least are considered; of those, the ones with the highest priority; of those,
 * one is drawn by weight. So a tier of equal priority is used up before the next lower one, no channel is tried twice while
 * one is left that was not tried, and after every channel failed once a new round begins, not with the channel that failed
 * last.
 *
 * <p>The draw: a channel is chosen with the probability of its weight over the sum of weights; if all weights are zero,
 * all are equally likely; a channel of weight zero beside others is chosen only when those have been tried.
 *
 * <p>Thread-safe if its random generator is.
 */
public final class ChannelSelector {

    private final RandomGenerator random;
    private final ChannelKeyRing keys;

    /** Draws from each thread's own generator. */
    public ChannelSelector() {
        this(() -> ThreadLocalRandom.current().nextLong());
    }

    /** @param random for draws; the same seed and the same questions give the same answers */
    public ChannelSelector(RandomGenerator random) {
        this(random, new ChannelKeyRing());
    }

    /** @param keys chooses the key of the chosen channel */
    public ChannelSelector(RandomGenerator random, ChannelKeyRing keys) {
        this.random = random;
        this.keys = keys;
    }

    /** Chooses among every channel that serves {@code model} in {@code group}. */
    public Selection select(ChannelDirectory directory, String group, String model, Tried tried) {
        return select(directory, group, model, tried, channel -> true);
    }

    /**
     * Chooses among the channels that serve {@code model} in {@code group} and are eligible.
     *
     * @param eligible what else the call needs of a channel, such as the wire format, or that it is not cooling down
     */
    public Selection select(
            ChannelDirectory directory, String group, String model, Tried tried, Predicate<Channel> eligible) {
        List<Channel> finalists = finalists(directory.candidates(group, model), tried, eligible);
        if (finalists.isEmpty()) {
            return new NoChannel(group, model);
        }
        Channel channel = draw(finalists);
        return new Selected(group, channel, keys.next(channel, tried, random));
    }

    /**
     * Chooses across several groups: in the first one with a channel that was not tried. When every channel of every group
     * was tried, it stays in the group of the last attempt.
     *
     * @param groups at least one, in the order of preference
     * @throws IllegalArgumentException if {@code groups} is empty
     */
    public Selection select(
            ChannelDirectory directory, List<String> groups, String model, Tried tried, Predicate<Channel> eligible) {
        if (groups.isEmpty()) {
            throw new IllegalArgumentException("no group to select from for model " + model);
        }
        Predicate<Channel> untried = channel -> !tried.contains(channel.id());
        String group = directory
                .firstGroupServing(groups, model, untried.and(eligible))
                .or(() -> tried.last().map(Selected::group))
                .orElse(groups.get(groups.size() - 1));
        return select(directory, group, model, tried, eligible);
    }

    /**
     * Chooses the key for a channel that the caller named, past all selection; {@code group} prices the call.
     *
     * @throws IllegalStateException if every key of {@code channel} is disabled
     */
    public Selected pin(Channel channel, String group) {
        return new Selected(group, channel, keys.next(channel, Tried.nothing(), random));
    }

    /** The eligible ones of the lowest rank, and of those the ones of the highest priority; candidates come in that order. */
    private static List<Channel> finalists(List<Channel> candidates, Tried tried, Predicate<Channel> eligible) {
        List<Channel> finalists = new ArrayList<>(candidates.size());
        int rank = Integer.MAX_VALUE;
        for (Channel channel : candidates) {
            if (eligible.test(channel)) {
                int rankHere = tried.rank(channel);
                if (rankHere < rank) {
                    finalists.clear();
                    rank = rankHere;
                }
                if (rankHere == rank && (finalists.isEmpty() || finalists.get(0).priority() == channel.priority())) {
                    finalists.add(channel);
                }
            }
        }
        return finalists;
    }

    private Channel draw(List<Channel> finalists) {
        long sum = 0;
        for (Channel channel : finalists) {
            sum += channel.weight();
        }
        if (sum == 0) {
            return finalists.get(random.nextInt(finalists.size()));
        }
        long point = random.nextLong(sum);
        int drawn = 0;
        while (point >= finalists.get(drawn).weight()) {
            point -= finalists.get(drawn).weight();
            drawn++;
        }
        return finalists.get(drawn);
    }
}
