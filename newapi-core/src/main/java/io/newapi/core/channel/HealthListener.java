package io.newapi.core.channel;

/**
 * Told when the health of a channel or key changes. Called by the thread that reported the outcome or chose the probe, with
 * no lock held, perhaps by several threads at once; implementations return soon and do not fail.
 */
@FunctionalInterface
public interface HealthListener {

    /**
     * A channel, or one of its keys, went from one state to another.
     *
     * @param keyIndex the number of the key, or -1 for the channel as a whole
     */
    void changed(long channelId, int keyIndex, HealthState before, HealthState after);

    /** Takes no notice. */
    static HealthListener none() {
        return (channelId, keyIndex, before, after) -> {};
    }
}
