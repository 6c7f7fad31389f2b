package io.newapi.core.channel;

import static io.newapi.core.channel.Channels.channel;
import static io.newapi.core.channel.Channels.keys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.newapi.core.channel.Selection.Selected;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ChannelKeyRingTest {

    private final ChannelKeyRing ring = new ChannelKeyRing();
    private final SplittableRandom random = new SplittableRandom(1);

    @Test
    void aSingleKeyIsAlwaysChosen() {
        assertThat(next(channel(1).build(), Tried.nothing())).isEqualTo(new SelectedKey(0, "secret-1"));
    }

    @Test
    void pollingTakesTheEnabledKeysInTurn() {
        Channel channel =
                channel(1).keys(keys(KeyMode.POLLING, true, false, true, true)).build();

        assertThat(indexes(channel, 7)).containsExactly(0, 2, 3, 0, 2, 3, 0);
    }

    @Test
    void everyChannelHasATurnOfItsOwn() {
        Channel one = channel(1).keys(keys(KeyMode.POLLING, true, true)).build();
        Channel two = channel(2).keys(keys(KeyMode.POLLING, true, true)).build();

        assertThat(indexes(one, 1)).containsExactly(0);
        assertThat(indexes(two, 2)).containsExactly(0, 1);
        assertThat(indexes(one, 1)).containsExactly(1);
    }

    @Test
    void aTurnGoesOnWhenTheChannelIsReplacedAndEvenWhenItHasFewerKeys() {
        Channel before =
                channel(1).keys(keys(KeyMode.POLLING, true, true, true)).build();
        Channel edited = before.toBuilder().name("edited").build();
        Channel shorter = before.toBuilder().keys(keys(KeyMode.POLLING, true)).build();

        assertThat(indexes(before, 1)).containsExactly(0);
        assertThat(indexes(edited, 1)).containsExactly(1);
        assertThat(indexes(shorter, 2)).containsExactly(0, 0);
    }

    @Test
    void aTurnIsForgottenWithItsChannel() {
        Channel channel = channel(1).keys(keys(KeyMode.POLLING, true, true)).build();
        assertThat(indexes(channel, 1)).containsExactly(0);

        ring.retain(ChannelDirectory.of(List.of(channel)));
        assertThat(indexes(channel, 1)).containsExactly(1);

        assertThat(indexes(channel, 1)).containsExactly(0);
        ring.retain(ChannelDirectory.of(List.of()));
        assertThat(indexes(channel, 1)).containsExactly(0);
    }

    @Test
    void pollingPassesOverTheKeysThatThisCallHasTried() {
        Channel channel =
                channel(1).keys(keys(KeyMode.POLLING, true, true, true)).build();
        Tried tried = Tried.nothing()
                .and(new Selected("default", channel, new SelectedKey(0, "key-0")))
                .and(new Selected("default", channel, new SelectedKey(1, "key-1")));

        assertThat(next(channel, tried).index()).isEqualTo(2);
    }

    @Test
    void randomTakesOnlyEnabledKeysAndEachOfThem() {
        Channel channel =
                channel(1).keys(keys(KeyMode.RANDOM, true, false, true, true)).build();

        assertThat(indexes(channel, 100)).contains(0, 2, 3).doesNotContain(1);
    }

    @Test
    void aKeyIsKnownByItsTextAndNotByItsPlace() {
        // Given an attempt with what was key 1, and a channel from which key 0 was deleted since
        Channel channel = channel(1)
                .keys(ChannelKeys.multi(
                        List.of(new ChannelKeys.Slot(0, "key-1", true), new ChannelKeys.Slot(1, "key-2", true)),
                        KeyMode.RANDOM))
                .build();
        Tried tried = Tried.nothing().and(new Selected("default", channel, new SelectedKey(1, "key-1")));

        assertThat(next(channel, tried)).isEqualTo(new SelectedKey(1, "key-2"));
    }

    @Test
    void askingAChannelWithoutAnEnabledKeyIsAMistake() {
        Channel channel = channel(1).keys(keys(KeyMode.POLLING, false, false)).build();

        assertThatIllegalStateException()
                .isThrownBy(() -> next(channel, Tried.nothing()))
                .withMessageContaining("channel 1");
    }

    @Test
    void concurrentCallsShareATurnExactly() throws Exception {
        Channel channel =
                channel(1).keys(keys(KeyMode.POLLING, true, true, false, true)).build();
        int threads = 8;
        int callsEach = 3_000;
        CountDownLatch start = new CountDownLatch(1);
        Callable<List<Integer>> caller = () -> {
            start.await();
            return indexes(channel, callsEach);
        };

        ExecutorService executor = Executors.newFixedThreadPool(threads);
        List<Integer> all = new ArrayList<>();
        try {
            List<Future<List<Integer>>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(executor.submit(caller));
            }
            start.countDown();
            for (Future<List<Integer>> calls : running) {
                all.addAll(calls.get());
            }
        } finally {
            executor.shutdownNow();
        }

        int share = threads * callsEach / 3;
        assertThat(List.of(0, 1, 2, 3))
                .extracting(index -> Collections.frequency(all, index))
                .containsExactly(share, share, 0, share);
    }

    private SelectedKey next(Channel channel, Tried tried) {
        return ring.next(channel, tried, random);
    }

    private List<Integer> indexes(Channel channel, int count) {
        List<Integer> indexes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            indexes.add(next(channel, Tried.nothing()).index());
        }
        return indexes;
    }
}
