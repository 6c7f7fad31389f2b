package io.newapi.core.channel;

import static io.newapi.core.channel.Channels.GROUP;
import static io.newapi.core.channel.Channels.MODEL;
import static io.newapi.core.channel.Channels.channel;
import static io.newapi.core.channel.Channels.selected;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.channel.Selection.Selected;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SelectionStrategyTest {

    private static final SelectionTerms LEAST = SelectionTerms.weighted().with(SelectionStrategy.LEAST_IN_FLIGHT);
    private static final SelectionTerms FASTEST = SelectionTerms.weighted().with(SelectionStrategy.LOWEST_LATENCY);

    private final ManualTime time = new ManualTime();
    private final ChannelConditions conditions = new ChannelConditions(time, HealthListener.none());
    private final ChannelSelector selector =
            new ChannelSelector(new SplittableRandom(6), new ChannelKeyRing(), conditions);

    @ParameterizedTest
    @EnumSource
    void aStrategyIsStoredByItsText(SelectionStrategy strategy) {
        assertThat(SelectionStrategy.fromText(strategy.text())).contains(strategy);
        assertThat(SelectionStrategy.fromText(strategy.name())).isEmpty();
    }

    @Test
    void callsUnderWaySpreadEvenly() {
        ChannelDirectory directory = directory(channel(1, 0, 0), channel(2, 0, 0), channel(3, 0, 0));
        calls(directory, LEAST, 30);

        assertThat(inFlight(1, 2, 3)).containsExactly(10, 10, 10);
    }

    @Test
    void callsUnderWaySpreadByWeight() {
        ChannelDirectory directory = directory(channel(1, 0, 1), channel(2, 0, 3), channel(3, 0, 0));
        calls(directory, LEAST, 40);

        assertThat(inFlight(1, 2, 3)).containsExactly(10, 30, 0);
    }

    @Test
    void aCallThatHasEndedMakesRoom() {
        ChannelDirectory directory = directory(channel(1, 0, 0), channel(2, 0, 0));
        List<Trial> trials = calls(directory, LEAST, 10);
        trials.forEach(Trial::ended);
        trials.forEach(Trial::ended);

        assertThat(inFlight(1, 2)).containsExactly(0, 0);
    }

    @Test
    void priorityComesBeforeLoad() {
        ChannelDirectory directory = directory(channel(1, 5, 0), channel(2, 0, 0));
        calls(directory, LEAST, 10);

        assertThat(inFlight(1, 2)).containsExactly(10, 0);
    }

    @Test
    void equalLoadIsDrawnByWeight() {
        // Given nothing under way, and weights that differ too little to matter for the load of one call
        ChannelDirectory directory = directory(channel(1, 0, 0), channel(2, 0, 0));
        int first = 0;
        for (int call = 0; call < 1_000; call++) {
            first += choose(directory, LEAST).channel().id() == 1 ? 1 : 0;
        }

        assertThat(first).isBetween(400, 600);
    }

    @Test
    void inALargeTierTheBetterOfTwoIsTaken() {
        List<Channel> channels = new ArrayList<>();
        for (int id = 1; id <= 100; id++) {
            channels.add(channel(id, 0, 0));
        }
        ChannelDirectory directory = ChannelDirectory.of(channels);
        calls(directory, LEAST, 1_000);

        int most = 0;
        for (int id = 1; id <= 100; id++) {
            most = Math.max(most, conditions.load().inFlight(id));
        }
        // drawn blindly, the fullest of 100 would have about 19 calls
        assertThat(most).isBetween(10, 13);
    }

    @Test
    void ofTwoTheOneThatAnswersSoonerIsTaken() {
        measure(1, Duration.ofMillis(900));
        measure(2, Duration.ofMillis(300));
        ChannelDirectory directory = directory(channel(1, 0, 0), channel(2, 0, 0));

        for (int call = 0; call < 20; call++) {
            assertThat(choose(directory, FASTEST).channel().id()).isEqualTo(2);
        }
    }

    @Test
    void callsUnderWayMakeAFastChannelAsSlowAsAnother() {
        measure(1, Duration.ofMillis(900));
        measure(2, Duration.ofMillis(310));
        calls(directory(channel(1, 0, 0), channel(2, 0, 0)), FASTEST, 4);

        assertThat(inFlight(1, 2)).containsExactly(1, 3);
    }

    @Test
    void theSlowestOfThreeIsNotTaken() {
        measure(1, Duration.ofMillis(900));
        measure(2, Duration.ofMillis(300));
        measure(3, Duration.ofMillis(500));
        ChannelDirectory directory = directory(channel(1, 0, 0), channel(2, 0, 0), channel(3, 0, 0));

        for (int call = 0; call < 100; call++) {
            assertThat(choose(directory, FASTEST).channel().id()).isNotEqualTo(1);
        }
    }

    @Test
    void aChannelThatWasNeverMeasuredGetsOneCallAndNoSecondOne() {
        measure(1, Duration.ofMillis(100));
        calls(directory(channel(1, 0, 0), channel(2, 0, 0)), FASTEST, 5);

        assertThat(inFlight(1, 2)).containsExactly(4, 1);
    }

    @Test
    void theAverageMovesWithEachAnswerAndFadesWithoutOne() {
        assertThat(conditions.load().latencyNanos(1)).isEmpty();
        measure(1, Duration.ofSeconds(1));
        assertThat(latencyMillis(1)).isEqualTo(1_000);

        time.passSeconds(30);
        assertThat(latencyMillis(1)).isBetween(367L, 368L);

        // 1000 / e + 2000 * (1 - 1 / e) after a sample of 2 seconds, which itself takes 2 seconds of the 30
        measure(1, Duration.ofSeconds(2));
        assertThat(latencyMillis(1)).isBetween(1_600L, 1_700L);
    }

    @Test
    void failuresAreNoMeasurement() {
        Trial trial = begin(1);
        trial.failed(AttemptFailure.ofStatus(500), Duration.ZERO);
        trial.succeeded();
        trial.ended();

        assertThat(conditions.load().latencyNanos(1)).isEmpty();
    }

    @Test
    void theLoadOfAChannelThatIsGoneIsForgottenOnceNothingIsUnderWay() {
        measure(1, Duration.ofMillis(1));
        Trial underway = begin(2);
        conditions.retain(directory());
        assertThat(conditions.load().latencyNanos(1)).isEmpty();
        assertThat(inFlight(2)).containsExactly(1);

        underway.ended();
        conditions.retain(directory());
        assertThat(inFlight(2)).containsExactly(0);
    }

    @ParameterizedTest
    @EnumSource
    void noStrategyChoosesWhatHasJustFailed(SelectionStrategy strategy) {
        ChannelDirectory directory = directory(channel(1, 0, 100), channel(2, 0, 1));
        SelectionTerms terms = SelectionTerms.weighted().with(strategy);
        for (int call = 0; call < 50; call++) {
            Tried tried = Tried.nothing();
            for (int attempt = 0; attempt < 4; attempt++) {
                Selected next = selected(selector.select(directory, GROUP, MODEL, tried, terms));
                tried.last().ifPresent(last -> assertThat(next.channel()).isNotEqualTo(last.channel()));
                tried = tried.and(next);
            }
        }
    }

    private Selected choose(ChannelDirectory directory, SelectionTerms terms) {
        return selected(selector.select(directory, GROUP, MODEL, Tried.nothing(), terms));
    }

    private List<Trial> calls(ChannelDirectory directory, SelectionTerms terms, int count) {
        List<Trial> trials = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            trials.add(conditions.begin(choose(directory, terms), HealthSettings.DEFAULT));
        }
        return trials;
    }

    private Trial begin(long id) {
        return conditions.begin(
                new Selected(GROUP, channel(id).build(), new SelectedKey(0, "secret-" + id)), HealthSettings.DEFAULT);
    }

    private void measure(long id, Duration latency) {
        Trial trial = begin(id);
        time.pass(latency);
        trial.succeeded();
        trial.ended();
    }

    private long latencyMillis(long id) {
        return Duration.ofNanos(conditions.load().latencyNanos(id).orElseThrow())
                .toMillis();
    }

    private List<Integer> inFlight(long... ids) {
        List<Integer> counts = new ArrayList<>();
        for (long id : ids) {
            counts.add(conditions.load().inFlight(id));
        }
        return counts;
    }

    private static ChannelDirectory directory(Channel... channels) {
        return ChannelDirectory.of(List.of(channels));
    }
}
