package io.newapi.core.channel;

import static io.newapi.core.channel.Channels.channel;
import static io.newapi.core.channel.Channels.keys;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.channel.Selection.Selected;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FailureStreaksTest {

    private static final DisableGround REFUSED = DisableGround.of(DisableGround.Kind.REFUSED);
    private static final DisableGround ACCOUNT = DisableGround.of(DisableGround.Kind.ACCOUNT);
    private static final Channel ONE = channel(1).build();
    private static final Channel MULTI =
            channel(2).keys(keys(KeyMode.RANDOM, true, true)).build();

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final FailureStreaks streaks = new FailureStreaks(nanos::get);
    private int calls;

    private static Selected with(Channel channel, int key) {
        ChannelKeys.Slot slot = channel.keys().slots().get(key);
        return new Selected("default", channel, new SelectedKey(slot.index(), slot.key()));
    }

    private boolean fails(Selected selected, DisableGround ground) {
        return streaks.failed(selected, "call " + calls++, ground);
    }

    private boolean fails(Selected selected) {
        return fails(selected, REFUSED);
    }

    @Test
    void theThirdRefusalInARowIsEnoughAndTheRowBeginsAnew() {
        Selected selected = with(ONE, 0);

        assertThat(IntStream.range(0, 6).mapToObj(i -> fails(selected)))
                .containsExactly(false, false, true, false, false, true);
    }

    @Test
    void twoAreEnoughWhereTheUpstreamNamesTheAccount() {
        Selected selected = with(ONE, 0);
        fails(selected);

        assertThat(fails(selected, ACCOUNT)).isTrue();
    }

    @Test
    void aSuccessEndsTheRow() {
        Selected selected = with(ONE, 0);
        fails(selected);
        fails(selected);

        streaks.succeeded(selected);

        assertThat(fails(selected)).isFalse();
        assertThat(fails(selected)).isFalse();
        assertThat(fails(selected)).isTrue();
    }

    @Test
    void oneCallCountsOnceHoweverOftenItTries() {
        Selected selected = with(ONE, 0);
        for (int i = 0; i < 10; i++) {
            assertThat(streaks.failed(selected, "the same", REFUSED)).isFalse();
        }
        fails(selected);

        assertThat(fails(selected)).isTrue();
    }

    @Test
    void whatIsOlderThanTheWindowDoesNotCount() {
        Selected selected = with(ONE, 0);
        fails(selected);
        fails(selected);
        nanos.addAndGet(FailureStreaks.WINDOW.toNanos());

        assertThat(fails(selected)).isFalse();
        nanos.addAndGet(Duration.ofSeconds(20).toNanos());
        assertThat(fails(selected)).isFalse();
        assertThat(fails(selected)).isTrue();
    }

    @Test
    void eachKeyHasARowOfItsOwn() {
        Selected first = with(MULTI, 0);
        Selected second = with(MULTI, 1);
        fails(first);
        fails(first);
        fails(second);
        streaks.succeeded(second);

        assertThat(fails(second)).isFalse();
        assertThat(fails(first)).isTrue();
    }

    @Test
    void aKeyThatWasReplacedBeginsAnew() {
        fails(with(ONE, 0));
        fails(with(ONE, 0));
        Channel after = ONE.toBuilder().keys(ChannelKeys.single("another")).build();

        assertThat(fails(with(after, 0))).isFalse();
    }

    @Test
    void nothingIsRememberedForLong() {
        for (int id = 1; id <= 100; id++) {
            fails(with(channel(id).build(), 0));
        }
        nanos.addAndGet(FailureStreaks.WINDOW.toNanos());

        fails(with(channel(200).build(), 0));

        assertThat(streaks.size()).isEqualTo(1);
    }
}
