package io.newapi.core.sim;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the simulator was asked to do.
 *
 * @param story tell one seed's story instead of searching
 * @param list list the mistakes instead of running anything
 * @param bias the same for all seeds, or null for one that depends on the seed
 * @param bugs the mistakes that are made, see {@link Bug#bit}
 */
record Command(
        long seed,
        long seconds,
        long mostSteps,
        boolean story,
        boolean list,
        @Nullable Bias bias,
        long bugs) {

    private static final long SECONDS_PER_MINUTE = 60;

    static Command parse(String[] arguments) {
        long seed = 1;
        long seconds = SECONDS_PER_MINUTE;
        long mostSteps = Long.MAX_VALUE;
        boolean story = false;
        boolean list = false;
        Bias bias = null;
        long bugs = 0;
        for (int i = 0; i < arguments.length; i++) {
            String option = arguments[i];
            if (option.equals("--story")) {
                story = true;
                continue;
            }
            if (option.equals("--bugs")) {
                list = true;
                continue;
            }
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(option + " needs a value");
            }
            String value = arguments[++i];
            switch (option) {
                case "--seed" -> seed = Long.parseLong(value);
                case "--minutes" -> seconds = Math.multiplyExact(Long.parseLong(value), SECONDS_PER_MINUTE);
                case "--steps" -> mostSteps = Long.parseLong(value);
                case "--bias" -> bias = Bias.valueOf(value.toUpperCase(Locale.ROOT));
                case "--bug" ->
                    bugs |= Bug.valueOf(value.toUpperCase(Locale.ROOT)).bit();
                default -> throw new IllegalArgumentException("unknown option " + option);
            }
        }
        return new Command(seed, seconds, mostSteps, story, list, bias, bugs);
    }

    Bias biasOf(long ofSeed) {
        Bias fixed = bias;
        return fixed != null ? fixed : Simulator.biasOf(ofSeed);
    }

    /** The options that repeat one seed as a story. */
    String again(long ofSeed) {
        StringBuilder options = new StringBuilder("scripts/simulate --story --seed ").append(ofSeed);
        Bias fixed = bias;
        if (fixed != null) {
            options.append(" --bias ").append(fixed);
        }
        for (Bug bug : Bug.values()) {
            if ((bugs & bug.bit()) != 0) {
                options.append(" --bug ").append(bug.name());
            }
        }
        return options.toString();
    }
}
