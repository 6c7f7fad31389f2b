package io.newapi.core.channel;

import io.newapi.core.channel.Selection.Selected;
import java.util.function.LongSupplier;

/**
 * How the channels are doing, as far as this node has seen: their {@linkplain ChannelHealth health} and their
 * {@linkplain ChannelLoad load}. Outlives directories. Thread-safe.
 */
public final class ChannelConditions {

    private final LongSupplier nanoTime;
    private final ChannelHealth health;
    private final ChannelLoad load;

    /** By the machine's clock, with nobody told. */
    public ChannelConditions() {
        this(System::nanoTime, HealthListener.none());
    }

    /** @param nanoTime a clock that does not jump, such as {@link System#nanoTime} */
    public ChannelConditions(LongSupplier nanoTime, HealthListener listener) {
        this.nanoTime = nanoTime;
        this.health = new ChannelHealth(nanoTime, listener);
        this.load = new ChannelLoad(nanoTime);
    }

    /** How well channels and keys have been. */
    public ChannelHealth health() {
        return health;
    }

    /** What channels are doing. */
    public ChannelLoad load() {
        return load;
    }

    /** An attempt begins; whoever makes it says how it went, and when it has ended. */
    public Trial begin(Selected selected, HealthSettings settings) {
        return new Trial(
                selected, settings, health, load.gauge(selected.channel().id()), nanoTime);
    }

    /** Forgets the channels that {@code directory} does not have; call it when the directory changes. */
    public void retain(ChannelDirectory directory) {
        health.retain(directory);
        load.retain(directory);
    }
}
