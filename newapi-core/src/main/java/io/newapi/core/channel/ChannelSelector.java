package io.newapi.core.channel;

import io.newapi.core.channel.Selection.NoChannel;
import io.newapi.core.channel.Selection.Selected;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the channel for each attempt of a call.
 *
 * <p>The candidates that this call has tried least are considered; of those, the ones that are not cooling down; of those,
 * the ones with the highest priority; of those, one is chosen by the {@linkplain SelectionStrategy strategy}, by weight
 * unless the call wants another, or by its {@linkplain AffinityKey affinity}. So a tier of equal priority is used up before
 * the next lower one, no channel is tried twice while one is left that was not tried, and after every channel failed once a
 * new round begins. A channel that has just failed is not chosen while another is left.
 *
 * <p>The draw by weight: a channel is chosen with the probability of its weight over the sum of weights; if all weights are
 * zero, all are equally likely; a channel of weight zero beside others is chosen only when those have been tried or cool
 * down.
 *
 * <p>While nothing was tried and every channel is well, a draw by weight costs the same however many channels there are, and
 * allocates nothing for a channel with one key. Otherwise, and with an affinity, the cost grows with the channels of the
 * tiers that have to be looked at.
 *
 * <p>Thread-safe if its random generator is.
 */
public final class ChannelSelector {

    /** In tiers of more channels than this, a strategy compares two that are drawn by weight, instead of all. */
    static final int COMPARED_AT_MOST = 64;

    /** So many draws may meet a channel that was tried or is not well, before all are looked at. */
    private static final int DRAWS = 4;

    /** So often another thread may take the probe of the channel that was chosen. */
    private static final int PROBES = 3;

    /** The id of no channel. */
    private static final long NONE = 0;

    private final RandomGenerator random;
    private final ChannelKeyRing keys;
    private final ChannelConditions conditions;
    private final ChannelHealth health;
    private final ChannelLoad load;

    /** Draws from each thread's own generator. */
    public ChannelSelector() {
        this(new ChannelConditions());
    }

    /** Draws from each thread's own generator. */
    public ChannelSelector(ChannelConditions conditions) {
        this(() -> ThreadLocalRandom.current().nextLong(), new ChannelKeyRing(), conditions);
    }

    /** @param random for draws; the same seed and the same questions give the same answers */
    public ChannelSelector(RandomGenerator random) {
        this(random, new ChannelKeyRing());
    }

    /** @param keys chooses the key of the chosen channel */
    public ChannelSelector(RandomGenerator random, ChannelKeyRing keys) {
        this(random, keys, new ChannelConditions());
    }

    /** @param conditions what is known of the channels; begin each attempt there, or nothing ever will be */
    public ChannelSelector(RandomGenerator random, ChannelKeyRing keys, ChannelConditions conditions) {
        this.random = random;
        this.keys = keys;
        this.conditions = conditions;
        this.health = conditions.health();
        this.load = conditions.load();
    }

    /** What is known of the channels. */
    public ChannelConditions conditions() {
        return conditions;
    }

    /** Chooses among every channel that serves {@code model} in {@code group}. */
    public Selection select(ChannelDirectory directory, String group, String model, Tried tried) {
        return select(directory, group, model, tried, SelectionTerms.weighted());
    }

    /**
     * Chooses among the channels that serve {@code model} in {@code group} and are eligible.
     *
     * @param eligible what else the call needs of a channel, such as the wire format
     */
    public Selection select(
            ChannelDirectory directory, String group, String model, Tried tried, Predicate<Channel> eligible) {
        return select(directory, group, model, tried, SelectionTerms.weighted().among(eligible));
    }

    /** Chooses among the channels that serve {@code model} in {@code group}, on {@code terms}. */
    public Selection select(ChannelDirectory directory, String group, String model, Tried tried, SelectionTerms terms) {
        Route route = directory.route(group, model);
        // what was never reported ill need not be asked for its health
        boolean careful = terms.yielding() && !health.allWell();
        if (!careful && terms.plain() && route.singleKeys() && tried.attempts().isEmpty()) {
            // nothing of the channel is looked at: of very many, it would hardly be in the processor's cache
            return route.tier(0).draw(random);
        }
        Selected chosen = choose(route, tried, terms, careful);
        if (chosen == null) {
            return new NoChannel(group, model);
        }
        return chosen.channel().keys() instanceof ChannelKeys.Single
                ? chosen
                : new Selected(group, chosen.channel(), key(chosen.channel(), tried, terms, careful));
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
        return select(directory, groups, model, tried, SelectionTerms.weighted().among(eligible));
    }

    /**
     * Chooses across several groups on {@code terms}: in the first one with a channel that was not tried. When every channel
     * of every group was tried, it stays in the group of the last attempt. Channels that cool down do not move a call to
     * another group, because the group decides its price.
     *
     * @param groups at least one, in the order of preference
     * @throws IllegalArgumentException if {@code groups} is empty
     */
    public Selection select(
            ChannelDirectory directory, List<String> groups, String model, Tried tried, SelectionTerms terms) {
        if (groups.isEmpty()) {
            throw new IllegalArgumentException("no group to select from for model " + model);
        }
        String group = directory
                .firstGroupServing(groups, model, channel -> !tried.contains(channel.id()) && terms.accepts(channel))
                .or(() -> tried.last().map(Selected::group))
                .orElse(groups.get(groups.size() - 1));
        return select(directory, group, model, tried, terms);
    }

    /**
     * Chooses the key for a channel that the caller named, past all selection; {@code group} prices the call.
     *
     * @throws IllegalStateException if every key of {@code channel} is disabled
     */
    public Selected pin(Channel channel, String group) {
        return pin(channel, group, SelectionTerms.weighted());
    }

    /**
     * Chooses the key for a channel that the caller named, on {@code terms}; {@code group} prices the call.
     *
     * @throws IllegalStateException if every key of {@code channel} is disabled
     */
    public Selected pin(Channel channel, String group, SelectionTerms terms) {
        boolean careful = terms.yielding() && !health.allWell();
        return new Selected(group, channel, key(channel, Tried.nothing(), terms, careful));
    }

    /** Forgets what it knows of channels that {@code directory} does not have; call it when the directory changes. */
    public void retain(ChannelDirectory directory) {
        keys.retain(directory);
        conditions.retain(directory);
    }

    private SelectedKey key(Channel channel, Tried tried, SelectionTerms terms, boolean careful) {
        return keys.next(channel, tried, random, terms.key(), careful ? health : null);
    }

    private @Nullable Selected choose(Route route, Tried tried, SelectionTerms terms, boolean careful) {
        for (int probes = 0; probes < PROBES; probes++) {
            long now = careful ? health.nanoTime() : 0;
            Selected best = best(route, tried, terms, careful, now);
            if (best == null || !careful || mayCall(best.channel(), now)) {
                return best;
            }
        }
        return best(route, tried, terms, careful, health.nanoTime());
    }

    /**
     * Whether it is well, or its probe is ours. One that cools down may have been due when it was chosen, and its probe
     * taken since; it is called only when nothing better is found again and again.
     */
    private boolean mayCall(Channel channel, long now) {
        return switch (health.standing(channel, now)) {
            case WELL -> true;
            case DUE -> health.probe(channel, now);
            case COOLING, TOLD_TO_WAIT -> false;
        };
    }

    private @Nullable Selected best(Route route, Tried tried, SelectionTerms terms, boolean careful, long now) {
        Shortlist shortlist = null;
        for (int i = 0; i < route.tiers(); i++) {
            Tier tier = route.tier(i);
            if (terms.key() == null) {
                Selected drawn = terms.strategy() == SelectionStrategy.WEIGHTED
                        ? drawn(tier, NONE, tried, terms, careful, now)
                        : tier.size() > COMPARED_AT_MOST ? betterOfTwo(tier, tried, terms, careful, now) : null;
                if (drawn != null) {
                    return drawn;
                }
            }
            shortlist = shortlist == null ? new Shortlist() : shortlist;
            consider(shortlist, tier, i, tried, terms, careful, now);
            if (shortlist.complete()) {
                break;
            }
        }
        return shortlist == null ? null : winner(shortlist, terms);
    }

    /**
     * A channel drawn by weight that was not tried and stands well; null if none was met. Drawing again instead of looking
     * at all leaves the proportions between those that may be drawn as they are.
     */
    private @Nullable Selected drawn(
            Tier tier, long otherThan, Tried tried, SelectionTerms terms, boolean careful, long now) {
        int draws = Math.min(tier.size(), DRAWS);
        for (int i = 0; i < draws; i++) {
            Selected drawn = tier.draw(random);
            Channel channel = drawn.channel();
            if (channel.id() != otherThan
                    && tried.rank(channel) == 0
                    && terms.accepts(channel)
                    && (!careful || health.standing(channel, now).rank() == 0)) {
                return drawn;
            }
        }
        return null;
    }

    private @Nullable Selected betterOfTwo(Tier tier, Tried tried, SelectionTerms terms, boolean careful, long now) {
        Selected one = drawn(tier, NONE, tried, terms, careful, now);
        Selected other = one == null ? null : drawn(tier, one.channel().id(), tried, terms, careful, now);
        if (one == null || other == null) {
            return null;
        }
        return cost(other, terms) < cost(one, terms) ? other : one;
    }

    private void consider(
            Shortlist shortlist,
            Tier tier,
            int tierIndex,
            Tried tried,
            SelectionTerms terms,
            boolean careful,
            long now) {
        AffinityKey affinity = terms.key();
        boolean leastFirst = affinity == null && terms.strategy() == SelectionStrategy.LEAST_IN_FLIGHT;
        for (int i = 0; i < tier.size(); i++) {
            Selected candidate = tier.get(i);
            Channel channel = candidate.channel();
            if (!terms.accepts(channel)) {
                continue;
            }
            int rank = tried.rank(channel);
            int standing = careful ? health.standing(channel, now).rank() : 0;
            if (shortlist.admits(rank, standing, tierIndex, channel.weight() == 0)) {
                long bits = affinity == null ? random.nextLong() : affinity.bitsFor(channel.id());
                shortlist.add(candidate, leastFirst ? cost(candidate, terms) : 0, bits);
            }
        }
    }

    private @Nullable Selected winner(Shortlist shortlist, SelectionTerms terms) {
        Selected first = shortlist.first();
        Selected second = shortlist.second();
        if (first == null
                || second == null
                || terms.key() != null
                || terms.strategy() != SelectionStrategy.LOWEST_LATENCY) {
            return first;
        }
        return cost(second, terms) < cost(first, terms) ? second : first;
    }

    private double cost(Selected candidate, SelectionTerms terms) {
        Channel channel = candidate.channel();
        return switch (terms.strategy()) {
            case WEIGHTED -> 0;
            case LEAST_IN_FLIGHT -> (load.inFlight(channel.id()) + 1.0) / Math.max(1, channel.weight());
            case LOWEST_LATENCY -> load.expectedWait(channel.id());
        };
    }
}
