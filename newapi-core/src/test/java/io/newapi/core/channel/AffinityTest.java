package io.newapi.core.channel;

import static io.newapi.core.channel.Channels.GROUP;
import static io.newapi.core.channel.Channels.MODEL;
import static io.newapi.core.channel.Channels.channel;
import static io.newapi.core.channel.Channels.keys;
import static io.newapi.core.channel.Channels.selected;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.channel.Selection.Selected;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AffinityTest {

    private static final int CONVERSATIONS = 10_000;

    private final ChannelConditions conditions = new ChannelConditions(new ManualTime(), HealthListener.none());
    private final ChannelSelector selector =
            new ChannelSelector(new SplittableRandom(1), new ChannelKeyRing(), conditions);

    @Property(tries = 200)
    void aConversationMeetsTheSameChannelOnEveryNode(
            @ForAll @Size(min = 1, max = 10) List<@IntRange(max = 9) Integer> weights, @ForAll long conversation) {
        ChannelDirectory directory = directory(weights);
        AffinityKey key = AffinityKey.of(7, conversation);
        ChannelSelector otherNode = new ChannelSelector(new SplittableRandom(99));

        Channel here = choose(selector, directory, key).channel();

        assertThat(choose(selector, directory, key).channel()).isEqualTo(here);
        assertThat(choose(otherNode, directory, key).channel()).isEqualTo(here);
    }

    @Property(tries = 200)
    void aChannelThatGoesLeavesOnlyItsOwnConversationsToOthers(
            @ForAll @Size(min = 2, max = 8) List<@IntRange(min = 1, max = 9) Integer> weights,
            @ForAll long conversation) {
        List<Channel> channels = channels(weights);
        AffinityKey key = AffinityKey.of(7, conversation);
        Channel before = choose(selector, ChannelDirectory.of(channels), key).channel();

        for (Channel gone : channels) {
            List<Channel> others = new ArrayList<>(channels);
            others.remove(gone);
            Channel after = choose(selector, ChannelDirectory.of(others), key).channel();
            if (!gone.equals(before)) {
                assertThat(after).isEqualTo(before);
            }
        }
    }

    @Property(tries = 200)
    void aChannelThatGainsWeightOnlyGainsConversations(
            @ForAll @Size(min = 2, max = 8) List<@IntRange(min = 1, max = 9) Integer> weights,
            @ForAll long conversation) {
        AffinityKey key = AffinityKey.of(7, conversation);
        long before = choose(selector, directory(weights), key).channel().id();
        List<Integer> more = new ArrayList<>(weights);
        more.set(0, weights.get(0) + 5);

        long after = choose(selector, directory(more), key).channel().id();

        assertThat(after).isIn(before, 1L);
    }

    @Test
    void conversationsSpreadByWeight() {
        ChannelDirectory directory = directory(List.of(1, 2, 0, 7));
        int[] counts = new int[4];
        for (int i = 0; i < CONVERSATIONS; i++) {
            counts[
                    (int) choose(selector, directory, AffinityKey.of(i % 10, "conversation " + i))
                                    .channel()
                                    .id()
                            - 1]++;
        }

        // expected 1,000, 2,000 and 7,000, with standard deviations of at most 46
        assertThat(counts[0]).isBetween(850, 1_150);
        assertThat(counts[1]).isBetween(1_830, 2_170);
        assertThat(counts[2]).isZero();
        assertThat(counts[3]).isBetween(6_800, 7_200);
    }

    @Test
    void conversationsSpreadEvenlyWithoutAnyWeight() {
        ChannelDirectory directory = directory(List.of(0, 0, 0, 0));
        int[] counts = new int[4];
        for (long i = 0; i < CONVERSATIONS; i++) {
            counts[
                    (int) choose(selector, directory, AffinityKey.of(1, i))
                                    .channel()
                                    .id()
                            - 1]++;
        }

        for (int count : counts) {
            assertThat(count).isBetween(2_300, 2_700);
        }
    }

    @Test
    void twoUsersWithTheSameWordsDoNotShareAPreference() {
        ChannelDirectory directory = directory(List.of(1, 1, 1, 1));
        int same = 0;
        for (long i = 0; i < 1_000; i++) {
            same += choose(selector, directory, AffinityKey.of(1, i))
                            .channel()
                            .equals(choose(selector, directory, AffinityKey.of(2, i))
                                    .channel())
                    ? 1
                    : 0;
        }

        assertThat(same).isBetween(180, 320);
    }

    @Test
    void priorityComesBeforeAffinity() {
        ChannelDirectory directory = ChannelDirectory.of(List.of(channel(1, 5, 1), channel(2, 0, 1_000)));

        for (long i = 0; i < 100; i++) {
            assertThat(choose(selector, directory, AffinityKey.of(1, i))
                            .channel()
                            .id())
                    .isEqualTo(1);
        }
    }

    @Test
    void aFailedAttemptGoesElsewhereAndAlwaysToTheSame() {
        ChannelDirectory directory = directory(List.of(1, 1, 1, 1));
        for (long i = 0; i < 100; i++) {
            SelectionTerms terms = SelectionTerms.weighted().with(AffinityKey.of(1, i));
            Selected first = selected(selector.select(directory, GROUP, MODEL, Tried.nothing(), terms));
            Tried tried = Tried.nothing().and(first);
            Selected second = selected(selector.select(directory, GROUP, MODEL, tried, terms));

            assertThat(second.channel()).isNotEqualTo(first.channel());
            assertThat(selected(selector.select(directory, GROUP, MODEL, tried, terms)))
                    .isEqualTo(second);
        }
    }

    @Test
    void aChannelThatCoolsDownLosesItsConversationsForThatTime() {
        ChannelDirectory directory = directory(List.of(1, 1));
        AffinityKey key = AffinityKey.of(1, 42);
        Selected preferred = choose(selector, directory, key);
        for (int i = 0; i < 5; i++) {
            conditions.begin(preferred, HealthSettings.DEFAULT).failed(AttemptFailure.ofTransport(true), Duration.ZERO);
        }
        assertThat(choose(selector, directory, key).channel()).isNotEqualTo(preferred.channel());

        conditions.begin(preferred, HealthSettings.DEFAULT).succeeded();
        assertThat(choose(selector, directory, key)).isEqualTo(preferred);
    }

    @Test
    void aConversationKeepsItsKeyWhileOtherKeysComeAndGo() {
        Channel all =
                channel(1).keys(keys(KeyMode.POLLING, true, true, true, true)).build();
        int moved = 0;
        for (long i = 0; i < 1_000; i++) {
            AffinityKey key = AffinityKey.of(1, i);
            int before = choose(selector, ChannelDirectory.of(List.of(all)), key)
                    .key()
                    .index();
            assertThat(choose(selector, ChannelDirectory.of(List.of(all)), key)
                            .key()
                            .index())
                    .isEqualTo(before);
            Channel fewer = all.toBuilder()
                    .keys(keys(KeyMode.POLLING, true, true, false, true))
                    .build();
            int after = choose(selector, ChannelDirectory.of(List.of(fewer)), key)
                    .key()
                    .index();
            if (before != 2) {
                assertThat(after).isEqualTo(before);
            } else {
                moved++;
            }
        }

        assertThat(moved).isBetween(180, 320);
    }

    @Test
    void aCallWithoutAffinityIsDrawnAsBefore() {
        SelectionTerms terms = SelectionTerms.weighted().with(AffinityKey.of(1, "x"));

        assertThat(terms.affinity()).contains(AffinityKey.of(1, "x"));
        assertThat(SelectionTerms.weighted().affinity()).isEmpty();
    }

    private static Selected choose(ChannelSelector selector, ChannelDirectory directory, AffinityKey key) {
        return selected(selector.select(
                directory,
                GROUP,
                MODEL,
                Tried.nothing(),
                SelectionTerms.weighted().with(key)));
    }

    private static ChannelDirectory directory(List<Integer> weights) {
        return ChannelDirectory.of(channels(weights));
    }

    private static List<Channel> channels(List<Integer> weights) {
        List<Channel> channels = new ArrayList<>();
        for (int weight : weights) {
            channels.add(channel(channels.size() + 1L, 0, weight));
        }
        return channels;
    }
}
