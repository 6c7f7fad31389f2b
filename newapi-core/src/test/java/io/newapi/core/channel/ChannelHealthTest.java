package io.newapi.core.channel;

import static io.newapi.core.channel.Channels.GROUP;
import static io.newapi.core.channel.Channels.MODEL;
import static io.newapi.core.channel.Channels.channel;
import static io.newapi.core.channel.Channels.keys;
import static io.newapi.core.channel.Channels.selected;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.channel.HealthState.CoolingDown;
import io.newapi.core.channel.HealthState.Healthy;
import io.newapi.core.channel.HealthState.Probing;
import io.newapi.core.channel.Selection.Selected;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Defaults: 5 failures in 10 seconds, if half of the outcomes are, make a channel yield for 5 seconds, then 10, up to 60. */
class ChannelHealthTest {

    private static final AttemptFailure BROKEN = AttemptFailure.ofStatus(500);
    private static final AttemptFailure LIMITED = AttemptFailure.ofStatus(429);

    private final ManualTime time = new ManualTime();
    private final List<String> heard = new ArrayList<>();
    private final ChannelConditions conditions = new ChannelConditions(
            time,
            (channelId, keyIndex, before, after) -> heard.add(channelId + (keyIndex < 0 ? "" : "/" + keyIndex) + ": "
                    + before.getClass().getSimpleName() + " -> "
                    + after.getClass().getSimpleName()));
    private final ChannelSelector selector =
            new ChannelSelector(new SplittableRandom(5), new ChannelKeyRing(), conditions);

    private final Channel one = channel(1).priority(9).build();
    private final Channel two = channel(2).build();
    private final ChannelDirectory both = ChannelDirectory.of(List.of(one, two));
    private HealthSettings settings = HealthSettings.DEFAULT;

    @Test
    void aChannelThatFailsTooOftenYieldsToOneOfLowerPriority() {
        fail(one, 4);
        assertThat(next(both)).isEqualTo(one);

        fail(one, 1);
        assertThat(next(both)).isEqualTo(two);
        assertThat(conditions.health().unwell()).isEqualTo(1);
        assertThat(heard).containsExactly("1: Healthy -> CoolingDown");
    }

    @Test
    void failuresAmongMoreSuccessesAreNotTooMany() {
        succeed(one, 6);
        fail(one, 5);
        assertThat(state(one)).isInstanceOf(Healthy.class);

        fail(one, 1);
        assertThat(state(one)).isInstanceOf(CoolingDown.class);
    }

    @Test
    void failuresOfLongAgoDoNotCount() {
        fail(one, 4);
        time.passSeconds(10);
        fail(one, 4);
        assertThat(state(one)).isInstanceOf(Healthy.class);

        time.passSeconds(9);
        fail(one, 1);
        assertThat(state(one)).isInstanceOf(CoolingDown.class);
    }

    @Test
    void successesOfLongAgoDoNotCountEither() {
        succeed(one, 1_000);
        time.passSeconds(10);
        fail(one, 5);

        assertThat(state(one)).isInstanceOf(CoolingDown.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 409, 413, 422, 499})
    void whatMayBeTheClientsFaultDoesNotCount(int status) {
        for (int i = 0; i < 100; i++) {
            begin(one).failed(AttemptFailure.ofStatus(status), Duration.ZERO);
            begin(one).failed(AttemptFailure.ofClient(status), Duration.ZERO);
        }

        assertThat(state(one)).isInstanceOf(Healthy.class);
    }

    @Test
    void aChannelAloneIsCalledEvenWhileItCoolsDown() {
        ChannelDirectory alone = ChannelDirectory.of(List.of(one));
        fail(one, 5);

        assertThat(next(alone)).isEqualTo(one);
        assertThat(state(one)).isInstanceOf(CoolingDown.class);
    }

    @Test
    void whenAllCoolDownPrioritiesDecideAgain() {
        fail(one, 5);
        fail(two, 5);

        assertThat(next(both)).isEqualTo(one);
    }

    @Test
    void aChannelThatWasToldToWaitComesBehindOneThatMerelyFails() {
        for (int i = 0; i < 5; i++) {
            begin(one).failed(LIMITED, Duration.ofSeconds(20));
        }
        fail(two, 5);

        assertThat(next(both)).isEqualTo(two);
        assertThat(next(ChannelDirectory.of(List.of(one)))).isEqualTo(one);
    }

    @Test
    void aCallRatherTakesAChannelThatCoolsDownThanTheOneThatHasJustFailed() {
        fail(two, 5);
        Selected first = selected(select(both, Tried.nothing()));
        Selected second = selected(select(both, Tried.nothing().and(first)));

        assertThat(first.channel()).isEqualTo(one);
        assertThat(second.channel()).isEqualTo(two);
    }

    @Test
    void afterTheCoolDownOneCallProbesAndTheOthersGoElsewhereUntilItHasSucceeded() {
        fail(one, 5);
        time.pass(Duration.ofMillis(4_999));
        assertThat(next(both)).isEqualTo(two);

        time.pass(Duration.ofMillis(1));
        Trial probe = begin(one, selected(select(both, Tried.nothing())));
        assertThat(state(one)).isInstanceOf(Probing.class);
        assertThat(next(both)).isEqualTo(two);

        probe.succeeded();
        assertThat(next(both)).isEqualTo(one);
        assertThat(conditions.health().unwell()).isZero();
        assertThat(heard)
                .containsExactly("1: Healthy -> CoolingDown", "1: CoolingDown -> Probing", "1: Probing -> Healthy");
    }

    @Test
    void theFailuresBeforeAProbeThatSucceededAreForgotten() {
        fail(one, 5);
        time.passSeconds(5);
        begin(one, selected(select(both, Tried.nothing()))).succeeded();

        fail(one, 4);
        assertThat(state(one)).isInstanceOf(Healthy.class);
    }

    @Test
    void eachProbeThatFailsDoublesTheCoolDownUpToTheLongest() {
        fail(one, 5);
        List<Long> seconds = new ArrayList<>();
        for (int round = 0; round < 6; round++) {
            CoolingDown cooling = (CoolingDown) state(one);
            seconds.add(cooling.length().toSeconds());
            time.pass(cooling.length());
            begin(one, selected(select(both, Tried.nothing()))).failed(BROKEN, Duration.ZERO);
        }

        assertThat(seconds).containsExactly(5L, 10L, 20L, 40L, 60L, 60L);
    }

    @Test
    void ofAThousandCallsAtMostTwoGoToADeadChannelOnceItIsKnown() {
        // Given two equal channels, one of them dead, and 100 calls a second for two minutes
        Channel dead = channel(4).build();
        ChannelDirectory directory = ChannelDirectory.of(List.of(dead, two));
        int failedLate = 0;
        for (int call = 0; call < 12_000; call++) {
            Selected selected = selected(select(directory, Tried.nothing()));
            Trial trial = conditions.begin(selected, settings);
            if (selected.channel().equals(dead)) {
                trial.failed(AttemptFailure.ofTransport(false), Duration.ZERO);
                failedLate += call >= 1_000 ? 1 : 0;
            } else {
                trial.succeeded();
            }
            trial.ended();
            time.pass(Duration.ofMillis(10));
        }

        assertThat(failedLate).isBetween(1, 22);
    }

    @Test
    void aProbeWithoutVerdictLetsTheNextCallProbe() {
        fail(one, 5);
        time.passSeconds(5);
        Trial gone = begin(one, selected(select(both, Tried.nothing())));
        gone.ended();

        assertThat(state(one)).isInstanceOf(CoolingDown.class);
        assertThat(next(both)).isEqualTo(one);
        assertThat(state(one)).isInstanceOf(Probing.class);
    }

    @Test
    void aProbeThatMetAFaultOfItsClientLetsTheNextCallProbe() {
        fail(one, 5);
        time.passSeconds(5);
        begin(one, selected(select(both, Tried.nothing()))).failed(AttemptFailure.ofStatus(400), Duration.ZERO);

        assertThat(next(both)).isEqualTo(one);
    }

    @Test
    void aProbeOfWhichNothingIsHeardIsGivenUpAfterAnotherCoolDown() {
        fail(one, 5);
        time.passSeconds(5);
        assertThat(next(both)).isEqualTo(one);

        time.pass(Duration.ofMillis(4_999));
        assertThat(next(both)).isEqualTo(two);
        time.pass(Duration.ofMillis(1));
        assertThat(next(both)).isEqualTo(one);
        assertThat(next(both)).isEqualTo(two);
    }

    @Test
    void whatWasSentBeforeACoolDownSaysNothingAboutItsEnd() {
        Trial early = begin(one);
        Trial earlyToo = begin(one);
        time.passSeconds(1);
        fail(one, 5);

        early.succeeded();
        assertThat(state(one)).isInstanceOf(CoolingDown.class);

        time.passSeconds(5);
        begin(one, selected(select(both, Tried.nothing())));
        earlyToo.failed(BROKEN, Duration.ZERO);
        assertThat(state(one)).isInstanceOf(Probing.class);
    }

    @Test
    void aSuccessDuringACoolDownEndsIt() {
        fail(one, 5);
        time.passSeconds(1);
        begin(one).succeeded();

        assertThat(state(one)).isInstanceOf(Healthy.class);
    }

    @Test
    void anUpstreamThatSaysWhenToComeBackIsLeftAloneForThatLongWithinBounds() {
        for (int i = 0; i < 5; i++) {
            begin(one).failed(LIMITED, Duration.ofSeconds(20));
            begin(two).failed(LIMITED, Duration.ofDays(1));
        }

        assertThat(((CoolingDown) state(one)).length()).isEqualTo(Duration.ofSeconds(20));
        assertThat(((CoolingDown) state(two)).length()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void oneRetryAfterIsNotEnoughUnlessItIsSetSo() {
        begin(one).failed(LIMITED, Duration.ofSeconds(20));
        assertThat(state(one)).isInstanceOf(Healthy.class);

        settings = settings.withRetryAfterAtOnce(true);
        begin(two).failed(LIMITED, Duration.ZERO);
        assertThat(state(two)).isInstanceOf(Healthy.class);
        begin(two).failed(LIMITED, Duration.ofSeconds(20));
        assertThat(state(two)).isInstanceOf(CoolingDown.class);
    }

    @Test
    void nothingIsWatchedWhenItIsSwitchedOff() {
        settings = settings.withEnabled(false);
        fail(one, 100);

        assertThat(state(one)).isInstanceOf(Healthy.class);
    }

    @Test
    void aCallMayIgnoreHealth() {
        fail(one, 5);

        assertThat(selected(selector.select(
                                both,
                                GROUP,
                                MODEL,
                                Tried.nothing(),
                                SelectionTerms.weighted().ignoringHealth()))
                        .channel())
                .isEqualTo(one);
    }

    @Test
    void aBadKeyCoolsDownAloneAndTheOthersServe() {
        Channel multi = channel(3).keys(keys(KeyMode.POLLING, true, true, true)).build();
        ChannelDirectory directory = ChannelDirectory.of(List.of(multi));
        fail(multi, 1, AttemptFailure.ofStatus(401), 5);

        assertThat(state(multi)).isInstanceOf(Healthy.class);
        assertThat(conditions.health().state(3, "key-1")).isInstanceOf(CoolingDown.class);
        assertThat(keysOf(directory, 4)).containsExactly(0, 2, 0, 2);
        assertThat(heard).containsExactly("3/1: Healthy -> CoolingDown");
    }

    @Test
    void whenAllKeysCoolDownTheChannelYields() {
        Channel multi = channel(3)
                .priority(9)
                .keys(keys(KeyMode.RANDOM, true, false, true))
                .build();
        ChannelDirectory directory = ChannelDirectory.of(List.of(multi, two));
        fail(multi, 0, LIMITED, 5);
        assertThat(next(directory)).isEqualTo(multi);

        fail(multi, 2, LIMITED, 5);
        assertThat(next(directory)).isEqualTo(two);
        assertThat(next(ChannelDirectory.of(List.of(multi)))).isEqualTo(multi);

        // Then, after the cool-down, each key is probed once
        time.passSeconds(5);
        Set<Integer> probed = new HashSet<>();
        probed.add(selected(select(directory, Tried.nothing())).key().index());
        probed.add(selected(select(directory, Tried.nothing())).key().index());
        assertThat(probed).containsExactlyInAnyOrder(0, 2);
        assertThat(next(directory)).isEqualTo(two);
    }

    @Test
    void aBrokenUpstreamIsNotTheFaultOfTheKey() {
        Channel multi = channel(3).keys(keys(KeyMode.RANDOM, true, true)).build();
        fail(multi, 0, BROKEN, 5);

        assertThat(state(multi)).isInstanceOf(CoolingDown.class);
        assertThat(conditions.health().state(3, "key-0")).isInstanceOf(Healthy.class);
    }

    @Test
    void aKeyThatIsRefusedWhileItsChannelIsProbedLeavesTheProbeToAnother() {
        Channel multi =
                channel(3).priority(9).keys(keys(KeyMode.POLLING, true, true)).build();
        ChannelDirectory directory = ChannelDirectory.of(List.of(multi, two));
        fail(multi, 0, BROKEN, 5);
        time.passSeconds(5);

        begin(multi, selected(select(directory, Tried.nothing()))).failed(LIMITED, Duration.ZERO);

        assertThat(next(directory)).isEqualTo(multi);
    }

    @Test
    void channelsAndKeysThatAreGoneAreForgotten() {
        Channel multi = channel(3).keys(keys(KeyMode.RANDOM, true, true)).build();
        fail(one, 5);
        fail(multi, 0, LIMITED, 5);
        fail(multi, 1, LIMITED, 5);
        assertThat(conditions.health().unwell()).isEqualTo(3);

        Channel fewer = multi.toBuilder().keys(keys(KeyMode.RANDOM, true)).build();
        selector.retain(ChannelDirectory.of(List.of(fewer, two)));

        assertThat(conditions.health().unwell()).isEqualTo(1);
        assertThat(state(one)).isInstanceOf(Healthy.class);
        assertThat(conditions.health().state(3, "key-1")).isInstanceOf(Healthy.class);
        assertThat(conditions.health().state(3, "key-0")).isInstanceOf(CoolingDown.class);
    }

    @Test
    void aChannelStaysForgottenWhateverIsHeardOfItLater() {
        Trial late = begin(one);
        fail(one, 5);
        selector.retain(ChannelDirectory.of(List.of(two)));
        late.succeeded();

        assertThat(conditions.health().unwell()).isZero();
    }

    @Test
    void ofManyCallsAtOnceOneProbes() throws Exception {
        ChannelSelector shared =
                new ChannelSelector(() -> ThreadLocalRandom.current().nextLong(), new ChannelKeyRing(), conditions);
        fail(one, 5);
        int threads = 8;
        int rounds = 200;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < rounds; round++) {
                time.pass(Duration.ofSeconds(60));
                CountDownLatch start = new CountDownLatch(1);
                Callable<Channel> call = () -> {
                    start.await();
                    return selected(shared.select(both, GROUP, MODEL, Tried.nothing()))
                            .channel();
                };
                List<Future<Channel>> running = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    running.add(executor.submit(call));
                }
                start.countDown();
                int probes = 0;
                for (Future<Channel> chosen : running) {
                    probes += chosen.get().equals(one) ? 1 : 0;
                }
                assertThat(probes).isEqualTo(1);
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void concurrentOutcomesLeaveTheCountOfTheUnwellRight() throws Exception {
        int threads = 8;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        ChannelConditions shared = new ChannelConditions(time, HealthListener.none());
        Selected target = new Selected(GROUP, one, new SelectedKey(0, "secret-1"));
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int seed = thread;
                running.add(executor.submit(() -> {
                    SplittableRandom random = new SplittableRandom(seed);
                    for (int i = 0; i < 20_000; i++) {
                        Trial trial = shared.begin(target, settings);
                        if (random.nextInt(10) == 0) {
                            trial.succeeded();
                        } else {
                            trial.failed(BROKEN, Duration.ZERO);
                        }
                        trial.ended();
                    }
                }));
            }
            for (Future<?> ended : running) {
                ended.get();
            }
        } finally {
            executor.shutdownNow();
        }

        boolean well = shared.health().state(1) instanceof Healthy;
        assertThat(shared.health().unwell()).isEqualTo(well ? 0 : 1);
        assertThat(shared.load().inFlight(1)).isZero();
    }

    private Selection select(ChannelDirectory directory, Tried tried) {
        return selector.select(directory, GROUP, MODEL, tried);
    }

    private Channel next(ChannelDirectory directory) {
        return selected(select(directory, Tried.nothing())).channel();
    }

    private List<Integer> keysOf(ChannelDirectory directory, int calls) {
        List<Integer> indexes = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            indexes.add(selected(select(directory, Tried.nothing())).key().index());
        }
        return indexes;
    }

    private Trial begin(Channel channel) {
        return begin(channel, 0);
    }

    private Trial begin(Channel channel, int key) {
        ChannelKeys.Slot slot = channel.keys().slots().get(key);
        return begin(channel, new Selected(GROUP, channel, new SelectedKey(slot.index(), slot.key())));
    }

    private Trial begin(Channel expected, Selected selected) {
        assertThat(selected.channel()).isEqualTo(expected);
        return conditions.begin(selected, settings);
    }

    private void fail(Channel channel, int times) {
        fail(channel, 0, BROKEN, times);
    }

    private void fail(Channel channel, int key, AttemptFailure failure, int times) {
        for (int i = 0; i < times; i++) {
            Trial trial = begin(channel, key);
            trial.failed(failure, Duration.ZERO);
            trial.ended();
        }
    }

    private void succeed(Channel channel, int times) {
        for (int i = 0; i < times; i++) {
            Trial trial = begin(channel);
            trial.succeeded();
            trial.ended();
        }
    }

    private HealthState state(Channel channel) {
        return conditions.health().state(channel.id());
    }
}
