package io.newapi.core.sim;

/** Chance that can be repeated: the same seed throws the same numbers. */
final class Dice {

    private static final long STEP = 0x9E3779B97F4A7C15L;

    private long state;

    /** Starts anew. */
    void seed(long seed) {
        state = mix(seed + STEP);
    }

    /** A number from 0 to {@code bound} - 1. */
    int below(int bound) {
        state += STEP;
        return (int) (((mix(state) >>> 33) * bound) >>> 31);
    }

    /** A number from {@code least} to {@code most}. */
    int between(int least, int most) {
        return least + below(most - least + 1);
    }

    /** True once in {@code times}. */
    boolean oneIn(int times) {
        return below(times) == 0;
    }

    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
