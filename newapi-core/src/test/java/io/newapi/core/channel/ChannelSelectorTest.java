package io.newapi.core.channel;

import static io.newapi.core.channel.Channels.GROUP;
import static io.newapi.core.channel.Channels.MODEL;
import static io.newapi.core.channel.Channels.channel;
import static io.newapi.core.channel.Channels.selected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.newapi.core.channel.Selection.NoChannel;
import io.newapi.core.channel.Selection.Selected;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelSelectorTest {

    private static final int DRAWS = 10_000;

    /** Values of chi-square that chance exceeds once in a thousand times, by degrees of freedom from 1. */
    private static final double[] CRITICAL = {10.828, 13.816, 16.266, 18.467};

    private final ChannelSelector selector = new ChannelSelector(new SplittableRandom(42));

    @ParameterizedTest
    @ValueSource(strings = {"1,9", "1,1", "1,2,3,4", "100,200,700", "5,0,5", "0,1", "1,1000", "4294967295,4294967295"})
    void theFrequencyOfAChannelFollowsItsWeight(String weights) {
        long[] shares = numbers(weights);

        assertThat(observed(shares)).satisfies(counts -> assertFollows(counts, shares));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0,0", "0,0,0,0,0"})
    void channelsWithoutAnyWeightAreEquallyLikely(String weights) {
        long[] zeros = numbers(weights);
        long[] equal = new long[zeros.length];
        Arrays.fill(equal, 1);

        assertThat(observed(zeros)).satisfies(counts -> assertFollows(counts, equal));
    }

    @Test
    void whatIsLeftOutDoesNotChangeTheProportionsOfTheRest() {
        // Given 1:2:97, of which the last was tried
        Channel heavy = channel(3, 0, 97);
        ChannelDirectory directory = directory(channel(1, 0, 1), channel(2, 0, 2), heavy);
        Tried tried = Tried.nothing().and(new Selected(GROUP, heavy, new SelectedKey(0, "secret-3")));
        int[] counts = new int[2];

        for (int draw = 0; draw < DRAWS; draw++) {
            counts[
                    (int) selected(selector.select(directory, GROUP, MODEL, tried))
                                    .channel()
                                    .id()
                            - 1]++;
        }

        assertThat(chiSquare(counts, new long[] {1, 2})).isLessThan(CRITICAL[0]);
    }

    @Test
    void theTestOfFrequenciesWouldNoticeSmoothedWeights() {
        // Given what 10 more on each weight would do to 1:9
        int[] smoothed = {DRAWS * 11 / 30, DRAWS * 19 / 30};

        assertThat(chiSquare(smoothed, new long[] {1, 9})).isGreaterThan(CRITICAL[0]);
    }

    @Test
    void aChannelWithoutWeightServesWhenTheOthersWereTried() {
        ChannelDirectory directory = directory(channel(1, 0, 0), channel(2, 0, 5));

        Selected first = selected(selector.select(directory, GROUP, MODEL, Tried.nothing()));
        Selected second = selected(
                selector.select(directory, GROUP, MODEL, Tried.nothing().and(first)));

        assertThat(first.channel().id()).isEqualTo(2);
        assertThat(second.channel().id()).isEqualTo(1);
    }

    @Test
    void aTierIsUsedUpBeforeTheNextLowerOneAndThenANewRoundBegins() {
        ChannelDirectory directory =
                directory(channel(1, 30, 1), channel(2, 30, 1), channel(3, 28, 1), channel(4, 27, 1));

        assertThat(priorities(directory, 8)).containsExactly(30L, 30L, 28L, 27L, 30L, 30L, 28L, 27L);
    }

    @Test
    void aNewRoundDoesNotBeginWithTheChannelThatFailedLast() {
        ChannelDirectory directory = directory(channel(1, 0, 1), channel(2, 0, 1_000));

        for (int call = 0; call < 100; call++) {
            List<Long> ids = attempts(directory, 7).stream()
                    .map(attempt -> attempt.channel().id())
                    .toList();
            for (int i = 1; i < ids.size(); i++) {
                assertThat(ids.get(i)).isNotEqualTo(ids.get(i - 1));
            }
        }
    }

    @Test
    void aChannelTriedMoreOftenComesBeforeTheOneThatHasJustFailed() {
        // Given that channel 1 failed twice before channel 2 came and failed too
        Channel one = channel(1, 0, 1);
        Channel two = channel(2, 0, 1);
        Tried tried = Tried.nothing();
        for (Channel failed : List.of(one, one, two)) {
            tried = tried.and(new Selected(GROUP, failed, new SelectedKey(0, "secret-" + failed.id())));
        }

        assertThat(selected(selector.select(directory(one, two), GROUP, MODEL, tried))
                        .channel())
                .isEqualTo(one);
    }

    @Test
    void anOnlyChannelIsTriedAgain() {
        assertThat(priorities(directory(channel(1, 5, 0)), 3)).containsExactly(5L, 5L, 5L);
    }

    @Test
    void oneBadKeyOfFiveIsNotMetTwiceByOneCall() {
        ChannelKeys keys = Channels.keys(KeyMode.RANDOM, true, true, true, true, true);
        ChannelDirectory directory = directory(channel(1).keys(keys).build());

        for (int call = 0; call < 100; call++) {
            List<Selected> attempts = attempts(directory, 6);
            assertThat(new HashSet<>(attempts.subList(0, 5))).hasSize(5);
            assertThat(attempts.get(5).key()).isNotEqualTo(attempts.get(4).key());
        }
    }

    @Test
    void aChannelThatIsNotEligibleIsNotChosen() {
        ChannelDirectory directory = directory(channel(1, 9, 1), channel(2, 0, 1));

        Selection selection = selector.select(directory, GROUP, MODEL, Tried.nothing(), channel -> channel.id() != 1);
        Selection none = selector.select(directory, GROUP, MODEL, Tried.nothing(), channel -> false);

        assertThat(selected(selection).channel().id()).isEqualTo(2);
        assertThat(none).isEqualTo(new NoChannel(GROUP, MODEL));
    }

    @Test
    void aModelThatNobodyServesFindsNoChannel() {
        assertThat(selector.select(directory(channel(1, 0, 1)), GROUP, "unknown", Tried.nothing()))
                .isEqualTo(new NoChannel(GROUP, "unknown"));
    }

    @Test
    void acrossGroupsTheNextGroupComesWhenTheFirstIsUsedUp() {
        // Given channel 2 in both groups: what failed in one is not tried again in the other
        ChannelDirectory directory = directory(
                channel(1).groups(List.of("a")).build(),
                channel(2).groups(List.of("a", "b")).build(),
                channel(3).groups(List.of("b")).build());
        List<String> groups = List.of("empty", "a", "b");

        Tried tried = Tried.nothing();
        List<String> visited = new ArrayList<>();
        for (int attempt = 0; attempt < 4; attempt++) {
            Selected selected = selected(selector.select(directory, groups, MODEL, tried, channel -> true));
            visited.add(selected.group());
            tried = tried.and(selected);
        }

        assertThat(visited).containsExactly("a", "a", "b", "b");
        assertThat(tried.attempts().get(2).channel().id()).isEqualTo(3);
        assertThat(tried.attempts().get(3).channel().id()).isEqualTo(2);
    }

    @Test
    void acrossGroupsThatDoNotServeTheLastOneIsNamed() {
        Selection selection = selector.select(directory(), List.of("a", "b"), MODEL, Tried.nothing(), channel -> true);

        assertThat(selection).isEqualTo(new NoChannel("b", MODEL));
    }

    @Test
    void selectingAcrossNoGroupsIsAMistake() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> selector.select(directory(), List.of(), MODEL, Tried.nothing(), channel -> true));
    }

    @Test
    void aPinnedChannelIsCalledWithOneOfItsEnabledKeysWhateverItServes() {
        Channel channel = channel(1)
                .models(List.of())
                .keys(Channels.keys(KeyMode.POLLING, false, true))
                .build();

        assertThat(selector.pin(channel, "vip")).isEqualTo(new Selected("vip", channel, new SelectedKey(1, "key-1")));
    }

    @Test
    void theSameSeedChoosesTheSameChannels() {
        ChannelDirectory directory = directory(channel(1, 0, 3), channel(2, 0, 4), channel(3, 0, 5));
        ChannelSelector twin = new ChannelSelector(new SplittableRandom(42));

        for (int call = 0; call < 100; call++) {
            assertThat(twin.select(directory, GROUP, MODEL, Tried.nothing()))
                    .isEqualTo(selector.select(directory, GROUP, MODEL, Tried.nothing()));
        }
    }

    private List<Selected> attempts(ChannelDirectory directory, int count) {
        Tried tried = Tried.nothing();
        for (int attempt = 0; attempt < count; attempt++) {
            tried = tried.and(selected(selector.select(directory, GROUP, MODEL, tried)));
        }
        return tried.attempts();
    }

    private List<Long> priorities(ChannelDirectory directory, int count) {
        return attempts(directory, count).stream()
                .map(attempt -> attempt.channel().priority())
                .toList();
    }

    private static ChannelDirectory directory(Channel... channels) {
        return ChannelDirectory.of(List.of(channels));
    }

    /** How often each of several channels of equal priority, with ids from 1, is chosen. */
    private int[] observed(long[] weights) {
        List<Channel> channels = LongStream.range(0, weights.length)
                .mapToObj(i -> channel(i + 1, 0, weights[(int) i]))
                .toList();
        ChannelDirectory directory = ChannelDirectory.of(channels);
        int[] counts = new int[weights.length];
        for (int draw = 0; draw < DRAWS; draw++) {
            long id = selected(selector.select(directory, GROUP, MODEL, Tried.nothing()))
                    .channel()
                    .id();
            counts[(int) id - 1]++;
        }
        return counts;
    }

    private static void assertFollows(int[] counts, long[] shares) {
        int degrees = (int) LongStream.of(shares).filter(share -> share > 0).count() - 1;
        for (int i = 0; i < shares.length; i++) {
            if (shares[i] == 0) {
                assertThat(counts[i]).isZero();
            }
        }
        if (degrees > 0) {
            assertThat(chiSquare(counts, shares)).isLessThan(CRITICAL[degrees - 1]);
        }
    }

    private static double chiSquare(int[] counts, long[] shares) {
        double sum = LongStream.of(shares).sum();
        double chiSquare = 0;
        for (int i = 0; i < shares.length; i++) {
            if (shares[i] > 0) {
                double expected = DRAWS * (shares[i] / sum);
                chiSquare += (counts[i] - expected) * (counts[i] - expected) / expected;
            }
        }
        return chiSquare;
    }

    private static long[] numbers(String text) {
        return Arrays.stream(text.split(",", -1)).mapToLong(Long::parseLong).toArray();
    }
}
