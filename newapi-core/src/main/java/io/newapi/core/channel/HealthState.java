package io.newapi.core.channel;

import java.time.Duration;

/**
 * Where a channel, or one of its keys, stands after its latest outcomes. Each transition is a method that returns the next
 * state, or the same one where an event changes nothing.
 *
 * <pre>
 *   Healthy --failed too often--> CoolingDown --time is over, one call--> Probing
 *      ^                            |     ^                                 | |
 *      +-------- a call succeeded --+     +---- it failed, or no verdict ---+ |
 *      +--------------------------- a call succeeded -------------------------+
 * </pre>
 *
 * <p>An outcome changes a state only if its attempt began after the state did: what was sent before a cool-down says nothing
 * about its end. Times are nanoseconds of the clock that {@link ChannelHealth} reads. Immutable.
 */
public sealed interface HealthState {

    /** How it stands in a selection at {@code nowNanos}. */
    Standing standing(long nowNanos);

    /** After an attempt succeeded that began at {@code startedNanos}. */
    HealthState succeeded(long startedNanos);

    /**
     * After an attempt failed that began at {@code startedNanos}.
     *
     * @param retryAfter when the upstream wants to be called again; zero if it did not say
     * @param tooOften whether that makes one failure too many
     */
    HealthState failed(
            long startedNanos, long nowNanos, Duration retryAfter, boolean tooOften, HealthSettings settings);

    /** After an attempt ended without a verdict that began at {@code startedNanos}. */
    HealthState abandoned(long startedNanos, long nowNanos);

    /** After a call was chosen; the same if it is not {@linkplain Standing#DUE due}. */
    HealthState probed(long nowNanos);

    /** Nothing speaks against it. */
    record Healthy() implements HealthState {

        static final Healthy INSTANCE = new Healthy();

        @Override
        public Standing standing(long nowNanos) {
            return Standing.WELL;
        }

        @Override
        public HealthState succeeded(long startedNanos) {
            return this;
        }

        @Override
        public HealthState failed(
                long startedNanos, long nowNanos, Duration retryAfter, boolean tooOften, HealthSettings settings) {
            return tooOften ? CoolingDown.round(1, nowNanos, retryAfter, settings) : this;
        }

        @Override
        public HealthState abandoned(long startedNanos, long nowNanos) {
            return this;
        }

        @Override
        public HealthState probed(long nowNanos) {
            return this;
        }
    }

    /**
     * It yields to others.
     *
     * @param sinceNanos when it began
     * @param length how long it takes
     * @param round 1 for the first time, one more after each probe that failed
     * @param toldToWait whether the upstream asked for it
     */
    record CoolingDown(long sinceNanos, Duration length, int round, boolean toldToWait) implements HealthState {

        private static CoolingDown round(int round, long nowNanos, Duration retryAfter, HealthSettings settings) {
            Duration own = settings.coolDown(round);
            Duration told = settings.bounded(retryAfter);
            return new CoolingDown(nowNanos, own.compareTo(told) < 0 ? told : own, round, !told.isZero());
        }

        private boolean over(long nowNanos) {
            return nowNanos - sinceNanos >= length.toNanos();
        }

        @Override
        public Standing standing(long nowNanos) {
            if (over(nowNanos)) {
                return Standing.DUE;
            }
            return toldToWait ? Standing.TOLD_TO_WAIT : Standing.COOLING;
        }

        @Override
        public HealthState succeeded(long startedNanos) {
            return startedNanos - sinceNanos >= 0 ? Healthy.INSTANCE : this;
        }

        /** It is cooling down already; only probes make it longer. */
        @Override
        public HealthState failed(
                long startedNanos, long nowNanos, Duration retryAfter, boolean tooOften, HealthSettings settings) {
            return this;
        }

        @Override
        public HealthState abandoned(long startedNanos, long nowNanos) {
            return this;
        }

        @Override
        public HealthState probed(long nowNanos) {
            return over(nowNanos) ? new Probing(nowNanos, this) : this;
        }
    }

    /**
     * One call is finding out whether it is well again; for others it goes on cooling down. If nothing is heard of that
     * call for as long as the cool-down took, another one may try.
     *
     * @param sinceNanos when the call was chosen
     * @param before the cool-down that was over
     */
    record Probing(long sinceNanos, CoolingDown before) implements HealthState {

        private boolean lost(long nowNanos) {
            return nowNanos - sinceNanos >= before.length.toNanos();
        }

        @Override
        public Standing standing(long nowNanos) {
            return lost(nowNanos) ? Standing.DUE : Standing.COOLING;
        }

        @Override
        public HealthState succeeded(long startedNanos) {
            return startedNanos - before.sinceNanos >= 0 ? Healthy.INSTANCE : this;
        }

        @Override
        public HealthState failed(
                long startedNanos, long nowNanos, Duration retryAfter, boolean tooOften, HealthSettings settings) {
            return startedNanos - sinceNanos >= 0
                    ? CoolingDown.round(before.round + 1, nowNanos, retryAfter, settings)
                    : this;
        }

        /** The cool-down is over as before, so that the next call probes. */
        @Override
        public HealthState abandoned(long startedNanos, long nowNanos) {
            return startedNanos - sinceNanos >= 0 ? before : this;
        }

        @Override
        public HealthState probed(long nowNanos) {
            return lost(nowNanos) ? new Probing(nowNanos, before) : this;
        }
    }
}
