package io.newapi.core.channel;

import io.newapi.core.channel.Selection.Selected;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/**
 * Counts, for each channel and key, the calls in a row whose failure speaks for disabling it, on this node. A success ends
 * the row, and so does time: only what failed within {@link #WINDOW} counts. However often one call fails with the same
 * key, it counts once.
 *
 * <p>Thread-safe. Remembers the keys with such a failure within the window, with at most a few failures each.
 */
public final class FailureStreaks {

    /** How long a failure counts. */
    public static final Duration WINDOW = Duration.ofSeconds(60);

    private record Subject(long channelId, String key) {

        static Subject of(Selected selected) {
            return new Subject(selected.channel().id(), selected.key().key());
        }

        @Override
        public String toString() {
            return "a key of channel " + channelId;
        }
    }

    private record Failure(String callId, long atNanos) {}

    /** Compared by identity: of those who see the same one, one removes it. */
    private static final class Streak {
        private final List<Failure> failures;

        Streak(List<Failure> failures) {
            this.failures = List.copyOf(failures);
        }

        int length() {
            return failures.size();
        }

        boolean isOver(long nowNanos) {
            return failures.stream().noneMatch(failure -> counts(failure, nowNanos));
        }

        Streak and(Failure next) {
            List<Failure> kept = new ArrayList<>();
            for (Failure failure : failures) {
                if (failure.callId().equals(next.callId())) {
                    return this;
                }
                if (counts(failure, next.atNanos())) {
                    kept.add(failure);
                }
            }
            kept.add(next);
            return new Streak(kept);
        }

        private static boolean counts(Failure failure, long nowNanos) {
            return nowNanos - failure.atNanos() < WINDOW.toNanos();
        }
    }

    private final ConcurrentMap<Subject, Streak> streaks = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    /** @param nanoTime a clock that does not jump, such as {@link System#nanoTime} */
    public FailureStreaks(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A call with this key was answered. */
    public void succeeded(Selected selected) {
        if (!streaks.isEmpty()) {
            streaks.remove(Subject.of(selected));
        }
    }

    /**
     * A call with this key failed in a way that speaks for disabling it.
     *
     * @param callId names the call, whichever attempt of it this was
     * @return whether these are enough in a row; once for each row, which begins anew then
     */
    public boolean failed(Selected selected, String callId, DisableGround ground) {
        Subject subject = Subject.of(selected);
        long now = nanoTime.getAsLong();
        if (!streaks.containsKey(subject)) {
            streaks.values().removeIf(streak -> streak.isOver(now));
        }
        Failure failure = new Failure(callId, now);
        Streak streak = streaks.merge(subject, new Streak(List.of(failure)), (before, unused) -> before.and(failure));
        return streak.length() >= ground.needed() && streaks.remove(subject, streak);
    }

    /** How many keys have such a failure lately. */
    int size() {
        return streaks.size();
    }
}
