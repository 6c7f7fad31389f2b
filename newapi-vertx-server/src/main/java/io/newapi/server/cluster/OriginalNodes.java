package io.newapi.server.cluster;

import io.newapi.server.store.ClusterStore;
import io.newapi.server.store.DatabaseException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns a node that may be the master of nodes of the original that are there. These know nothing of its lease: two masters
 * test channels and follow tasks twice. Used by one thread at a time.
 */
final class OriginalNodes {

    private static final Logger LOG = LoggerFactory.getLogger(OriginalNodes.class);
    private static final Duration PERIOD = Duration.ofHours(1);

    /** They say that they live every 30 seconds. */
    private static final Duration SEEN_WITHIN = Duration.ofMinutes(2);

    private final ClusterStore store;
    private final LongSupplier nanoClock;
    private OptionalLong looked = OptionalLong.empty();

    OriginalNodes(ClusterStore store, LongSupplier nanoClock) {
        this.store = store;
        this.nanoClock = nanoClock;
    }

    /** Looks the first time, and then once an hour. */
    void lookNowAndThen() {
        long now = nanoClock.getAsLong();
        if (looked.isPresent() && now - looked.getAsLong() < PERIOD.toNanos()) {
            return;
        }
        looked = OptionalLong.of(now);
        try {
            List<String> names = store.originals(SEEN_WITHIN);
            if (!names.isEmpty()) {
                LOG.warn(
                        "nodes of New API itself share this database: {}; unless NODE_TYPE=slave is set for all of them, set it"
                                + " here, so that the work of a master is done once",
                        String.join(", ", names));
            }
        } catch (DatabaseException e) {
            LOG.warn("cannot look whether nodes of New API itself share this database: {}", e.getMessage());
        }
    }
}
