package io.newapi.core.quota;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ledgers as they are, under accidents by chance: every unit is where it belongs, whatever the seed. */
class LedgerSimulationTest {

    private static final int SEEDS_IN_MEMORY = 2_000;
    private static final int SEEDS_IN_FILES = 40;

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

    private static void run(LedgerSimulation simulation, long seed) {
        try {
            simulation.run();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }
}
