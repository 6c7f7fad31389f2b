package io.newapi.core.sim;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Runs seeds, and tells the story of one that fails. Started by {@code scripts/simulate}. */
public final class Simulator {

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final World world = new World();
    private long steps;

    /** What a seed led to. */
    record Finding(long seed, Violation violation) {}

    /** Steps of all runs so far. */
    long steps() {
        return steps;
    }

    /**
     * Runs one seed.
     *
     * @param bugs the mistakes that are made, see {@link Bug#bit}
     * @return the invariant that did not hold, or null
     */
    @Nullable
    Violation run(long seed, Bias bias, long bugs) {
        return run(seed, bias, bugs, null);
    }

    private @Nullable Violation run(long seed, Bias bias, long bugs, @Nullable Story story) {
        try {
            world.run(seed, bias, bugs, story);
            return null;
        } catch (Violation violation) {
            return violation;
        } finally {
            steps += world.steps;
        }
    }

    /** The first of the seeds from {@code from} on that leads to a violation; null if there is none. */
    @Nullable
    Finding find(long from, long count, Bias bias, long bugs) {
        for (long seed = from; seed < from + count; seed++) {
            Violation violation = run(seed, bias, bugs);
            if (violation != null) {
                return new Finding(seed, violation);
            }
        }
        return null;
    }

    /** What happens under a seed, step by step. */
    String story(long seed, Bias bias, long bugs) {
        Story story = new Story();
        Violation violation = run(seed, bias, bugs, story);
        return story + "\n" + (violation == null ? "No invariant is violated." : "VIOLATED " + violation.getMessage());
    }

    /** The bias that a seed has when nothing else is asked for: mostly none. */
    static Bias biasOf(long seed) {
        Bias[] all = Bias.values();
        return seed % 2 == 0 ? Bias.NONE : all[(int) Math.floorMod(seed / 2, (long) all.length)];
    }

    /** See {@code scripts/simulate --help}. */
    public static void main(String[] arguments) {
        Command command;
        try {
            command = Command.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println("simulate: " + e.getMessage());
            System.exit(2);
            return;
        }
        System.exit(new Simulator().carryOut(command));
    }

    private int carryOut(Command command) {
        if (command.list()) {
            for (Bug bug : Bug.values()) {
                System.out.println(bug + " (bias " + bug.bias().name().toLowerCase(Locale.ROOT) + ")");
            }
            return 0;
        }
        return command.story() ? tell(command) : search(command);
    }

    private int tell(Command command) {
        Bias bias = command.biasOf(command.seed());
        System.out.println(story(command.seed(), bias, command.bugs()));
        return 0;
    }

    private int search(Command command) {
        long start = System.nanoTime();
        long end = start + command.seconds() * NANOS_PER_SECOND;
        long seed = command.seed();
        while (System.nanoTime() < end && steps < command.mostSteps()) {
            Bias bias = command.biasOf(seed);
            Violation violation = run(seed, bias, command.bugs());
            if (violation != null) {
                System.out.println(story(seed, bias, command.bugs()));
                System.out.println("Seed " + seed + " fails after " + (seed - command.seed()) + " that did not. Again: "
                        + command.again(seed));
                return 1;
            }
            seed++;
        }
        double seconds = (System.nanoTime() - start) / (double) NANOS_PER_SECOND;
        System.out.println(String.format(
                Locale.ROOT,
                "No invariant was violated: %,d steps, seeds %d to %d, %.1f s, %,.0f steps/s",
                steps,
                command.seed(),
                seed - 1,
                seconds,
                steps / seconds));
        return 0;
    }
}
