package io.newapi.core.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ledgers as they are, under accidents by chance: every unit is where it belongs, whatever the seed. */
class LedgerSimulationTest {

    private static final int SEEDS_IN_MEMORY = 1_000;
    private static final int SEEDS_IN_FILES = 30;
    private static final int SEEDS_PER_FLAW = 500;

    @Test
    void nothingIsLostSpentTwiceOrLeftOver() {
        for (long seed = 1; seed <= SEEDS_IN_MEMORY; seed++) {
            run(new LedgerSimulation(seed, null), seed);
        }
    }

    @Test
    void norWithJournalsInFiles(@TempDir Path directory) {
        for (long seed = 1; seed <= SEEDS_IN_FILES; seed++) {
            run(new LedgerSimulation(seed, directory.resolve("seed" + seed)), seed);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aFlawIsNoticed(Flaw flaw) {
        assertThat(LongStream.rangeClosed(1, SEEDS_PER_FLAW).anyMatch(seed -> isNoticed(flaw, seed)))
                .as("%s is noticed, as: %s", flaw, flaw.symptom())
                .isTrue();
    }

    private static boolean isNoticed(Flaw flaw, long seed) {
        try {
            new LedgerSimulation(seed, null, flaw).run();
            return false;
        } catch (AssertionError | RuntimeException e) {
            return String.valueOf(e.getMessage()).contains(flaw.symptom());
        }
    }

    private static void run(LedgerSimulation simulation, long seed) {
        try {
            simulation.run();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }
}
