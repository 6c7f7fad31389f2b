package io.newapi.core.sim;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The protocol as it is meant keeps its invariants, whatever happens. */
class SimulatorTest {

    private static final long STEPS_PER_BIAS = 250_000;

    private final Simulator simulator = new Simulator();

    @ParameterizedTest
    @EnumSource
    void noInvariantIsEverViolated(Bias bias) {
        for (long seed = 1; simulator.steps() < STEPS_PER_BIAS; seed++) {
            long failing = seed;
            assertThat(simulator.run(seed, bias, 0))
                    .as(() -> simulator.story(failing, bias, 0))
                    .isNull();
        }
    }

    @Test
    void aSeedTellsTheSameStoryEveryTime() {
        simulator.run(3, Bias.NONE, 0);

        String story = simulator.story(7, Bias.NONE, 0);

        assertThat(new Simulator().story(7, Bias.NONE, 0)).isEqualTo(story);
        assertThat(story).contains("everything is mended", "all nodes leave").endsWith("No invariant is violated.");
    }

    @Test
    void theStoryOfABugEndsWithTheViolation() {
        long bug = Bug.POSITION_APART.bit();
        Simulator.Finding finding = requireNonNull(simulator.find(1, 100, Bias.NONE, bug));

        String story = simulator.story(finding.seed(), Bias.NONE, bug);

        assertThat(story).endsWith("VIOLATED " + finding.violation().getMessage());
    }

    @Test
    void theCommandLineChoosesSeedBiasAndBugs() {
        Command command =
                Command.parse(new String[] {"--seed", "5", "--bias", "flips", "--bug", "no_recall", "--minutes", "2"});

        assertThat(command.seed()).isEqualTo(5);
        assertThat(command.seconds()).isEqualTo(120);
        assertThat(command.again(9)).isEqualTo("scripts/simulate --story --seed 9 --bias FLIPS --bug NO_RECALL");
        assertThatThrownBy(() -> Command.parse(new String[] {"--speed", "1"}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("unknown option --speed");
    }
}
