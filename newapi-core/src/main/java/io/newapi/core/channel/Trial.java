package io.newapi.core.channel;

import io.newapi.core.channel.Selection.Selected;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * One attempt under way, as {@link ChannelConditions} see it: it counts as in flight until it has {@link #ended}, and its
 * first verdict is the one that counts. Not thread-safe.
 */
public final class Trial {

    private enum Stage {
        UNDERWAY,
        JUDGED,
        ENDED
    }

    private final Selected selected;
    private final HealthSettings settings;
    private final ChannelHealth health;
    private final ChannelLoad.Gauge gauge;
    private final LongSupplier nanoTime;
    private final long startedNanos;
    private Stage stage = Stage.UNDERWAY;

    Trial(
            Selected selected,
            HealthSettings settings,
            ChannelHealth health,
            ChannelLoad.Gauge gauge,
            LongSupplier nanoTime) {
        this.selected = selected;
        this.settings = settings;
        this.health = health;
        this.gauge = gauge;
        this.nanoTime = nanoTime;
        this.startedNanos = nanoTime.getAsLong();
        gauge.began();
    }

    /** The first byte of an answer is there; call it then, not when the answer has ended. */
    public void succeeded() {
        if (stage == Stage.UNDERWAY) {
            stage = Stage.JUDGED;
            long now = nanoTime.getAsLong();
            gauge.firstByte(now - startedNanos, now);
            if (settings.enabled()) {
                health.succeeded(selected, startedNanos, settings);
            }
        }
    }

    /**
     * The attempt failed.
     *
     * @param retryAfter when the upstream wants to be called again; zero if it did not say
     */
    public void failed(AttemptFailure failure, Duration retryAfter) {
        if (stage == Stage.UNDERWAY) {
            stage = Stage.JUDGED;
            if (settings.enabled()) {
                health.failed(selected, failure, retryAfter, startedNanos, settings);
            }
        }
    }

    /** The attempt is over. If nobody has judged it, it says nothing about the channel. Repeating it does nothing. */
    public void ended() {
        if (stage == Stage.ENDED) {
            return;
        }
        if (stage == Stage.UNDERWAY) {
            health.abandoned(selected, startedNanos);
        }
        stage = Stage.ENDED;
        gauge.ended();
    }
}
