package io.newapi.server.cluster;

import io.newapi.server.store.ClusterStore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The right to act as the master, for as long as the epoch lasts. That it was held a moment ago means nothing: what is
 * written in it is kept only if it is held when that is written.
 *
 * @param epoch grows with each change of hands
 */
public record Mastership(ClusterStore store, String runId, long epoch) {

    /**
     * Runs {@code work} as the master. Blocks.
     *
     * @throws ClusterStore.FencedOffException if another node is the master by now; nothing of the transaction that found
     *     it out is kept
     */
    public <T extends @Nullable Object> T run(Supplier<T> work) {
        return store.asMaster(runId, epoch, work);
    }
}
