package io.newapi.core.channel;

import static io.newapi.core.channel.Channels.GROUP;
import static io.newapi.core.channel.Channels.MODEL;
import static io.newapi.core.channel.Channels.selected;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.channel.Selection.Selected;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What the attempts of one failing call look like, for any channels. */
class RetrySequenceTest {

    @Property
    void theFirstRoundVisitsEveryChannelOnceInOrderOfPriority(
            @ForAll("channels") List<Channel> channels, @ForAll @IntRange(max = 20) int retryTimes, @ForAll long seed) {
        List<Channel> visited = visited(channels, retryTimes, seed);

        int firstRound = Math.min(channels.size(), retryTimes + 1);
        assertThat(visited).hasSize(retryTimes + 1);
        assertThat(new HashSet<>(visited)).hasSize(firstRound);
        assertThat(visited.subList(0, firstRound)).doesNotHaveDuplicates();
        assertThat(priorities(visited.subList(0, firstRound))).isSortedAccordingTo((a, b) -> Long.compare(b, a));
    }

    @Property
    void everyLaterRoundDoesTheSame(
            @ForAll("channels") List<Channel> channels, @ForAll @IntRange(max = 20) int retryTimes, @ForAll long seed) {
        List<Channel> visited = visited(channels, retryTimes, seed);

        for (int start = 0; start < visited.size(); start += channels.size()) {
            List<Channel> round = visited.subList(start, Math.min(visited.size(), start + channels.size()));
            assertThat(round).doesNotHaveDuplicates();
        }
        for (int i = 1; i < visited.size() && channels.size() > 1; i++) {
            assertThat(visited.get(i)).isNotEqualTo(visited.get(i - 1));
        }
    }

    @Property
    void theOrderHoldsWhileChannelsAreDisabledInBetween(
            @ForAll("channels") List<Channel> channels, @ForAll @IntRange(max = 20) int retryTimes, @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ChannelSelector selector = new ChannelSelector(random);
        List<Channel> alive = new ArrayList<>(channels);
        Set<Channel> seen = new HashSet<>();
        long lastPriority = Long.MAX_VALUE;
        Tried tried = Tried.nothing();

        for (int attempt = 0; attempt <= retryTimes && !alive.isEmpty(); attempt++) {
            Selected selected = selected(selector.select(ChannelDirectory.of(alive), GROUP, MODEL, tried));

            List<Channel> untried =
                    alive.stream().filter(channel -> !seen.contains(channel)).toList();
            if (!untried.isEmpty()) {
                assertThat(untried).contains(selected.channel());
                assertThat(selected.channel().priority())
                        .isEqualTo(untried.stream()
                                .mapToLong(Channel::priority)
                                .max()
                                .orElseThrow())
                        .isLessThanOrEqualTo(lastPriority);
            }
            lastPriority = selected.channel().priority();
            seen.add(selected.channel());
            tried = tried.and(selected);
            alive.removeIf(channel -> random.nextInt(4) == 0);
        }
    }

    @Property
    void whateverHappensInBetweenTheOneThatHasJustFailedIsNotChosenWhileAnotherIsLeft(
            @ForAll("channels") List<Channel> channels,
            @ForAll SelectionStrategy strategy,
            @ForAll boolean affine,
            @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ManualTime time = new ManualTime();
        ChannelConditions conditions = new ChannelConditions(time, HealthListener.none());
        ChannelSelector selector = new ChannelSelector(random, new ChannelKeyRing(), conditions);
        SelectionTerms chosen = SelectionTerms.weighted().with(strategy);
        SelectionTerms terms = affine ? chosen.with(AffinityKey.of(1, seed)) : chosen;
        Tried tried = Tried.nothing();

        for (int attempt = 0; attempt < 20; attempt++) {
            // Given that channels come, go, cool down and recover
            List<Channel> alive = channels.stream()
                    .filter(channel -> random.nextInt(3) > 0)
                    .map(channel -> random.nextInt(2) == 0 ? channel : withKeys(channel))
                    .toList();
            if (alive.isEmpty()) {
                continue;
            }
            time.pass(Duration.ofMillis(random.nextInt(4_000)));

            Selected selected = selected(selector.select(ChannelDirectory.of(alive), GROUP, MODEL, tried, terms));

            Selected last = tried.last().orElse(null);
            if (last != null && alive.size() > 1) {
                assertThat(selected.channel().id()).isNotEqualTo(last.channel().id());
            }
            if (last != null && selected.channel().keys().slots().size() > 1) {
                assertThat(selected.key()).isNotEqualTo(last.key());
            }
            Trial trial = conditions.begin(selected, HealthSettings.DEFAULT.withRetryAfterAtOnce(true));
            trial.failed(
                    AttemptFailure.ofStatus(random.nextInt(2) == 0 ? 429 : 500), Duration.ofSeconds(random.nextInt(3)));
            trial.ended();
            tried = tried.and(selected);
        }
    }

    private static Channel withKeys(Channel channel) {
        return channel.toBuilder()
                .keys(Channels.keys(channel.id() % 2 == 0 ? KeyMode.POLLING : KeyMode.RANDOM, true, true, true))
                .build();
    }

    private static List<Channel> visited(List<Channel> channels, int retryTimes, long seed) {
        ChannelDirectory directory = ChannelDirectory.of(channels);
        ChannelSelector selector = new ChannelSelector(new SplittableRandom(seed));
        RetryPolicy policy = new RetryPolicy(retryTimes);
        Tried tried = Tried.nothing();
        do {
            tried = tried.and(selected(selector.select(directory, GROUP, MODEL, tried)));
        } while (policy.shouldRetry(tried.attempts().size(), AttemptFailure.ofStatus(500)));
        return tried.attempts().stream().map(Selected::channel).toList();
    }

    private static List<Long> priorities(List<Channel> channels) {
        return channels.stream().map(Channel::priority).toList();
    }

    @Provide
    Arbitrary<List<Channel>> channels() {
        Arbitrary<long[]> priorityAndWeight = Combinators.combine(
                        Arbitraries.longs().between(-3, 3), Arbitraries.of(0L, 0L, 1L, 5L, 100L))
                .as((priority, weight) -> new long[] {priority, weight});
        return priorityAndWeight.list().ofMinSize(1).ofMaxSize(10).map(RetrySequenceTest::numbered);
    }

    private static List<Channel> numbered(List<long[]> prioritiesAndWeights) {
        List<Channel> channels = new ArrayList<>();
        for (long[] each : prioritiesAndWeights) {
            channels.add(Channels.channel(channels.size() + 1L, each[0], each[1]));
        }
        return channels;
    }
}
