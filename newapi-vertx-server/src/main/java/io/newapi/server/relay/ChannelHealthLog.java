package io.newapi.server.relay;

import io.newapi.core.channel.HealthListener;
import io.newapi.core.channel.HealthState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes to the log which channels and keys cool down, and which are well again. Thread-safe. */
public final class ChannelHealthLog implements HealthListener {

    private static final Logger LOG = LoggerFactory.getLogger(ChannelHealthLog.class);

    @Override
    public void changed(long channelId, int keyIndex, HealthState before, HealthState after) {
        String key = keyIndex < 0 ? "" : ", key " + keyIndex;
        if (after instanceof HealthState.Healthy) {
            LOG.info("channel {}{} is well again", channelId, key);
        } else if (after instanceof HealthState.CoolingDown cooling && !abandoned(before, cooling)) {
            LOG.warn(
                    "channel {}{} has failed too often and yields to others for {} s",
                    channelId,
                    key,
                    cooling.length().toSeconds());
        } else {
            LOG.debug("channel {}{}: {}", channelId, key, after);
        }
    }

    /** Whether a probe ended without a verdict, so that the cool-down of before is over as it was. */
    private static boolean abandoned(HealthState before, HealthState.CoolingDown after) {
        return before instanceof HealthState.Probing probing && probing.before().equals(after);
    }
}
