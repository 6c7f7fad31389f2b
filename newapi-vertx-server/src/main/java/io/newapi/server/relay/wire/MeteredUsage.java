package io.newapi.server.relay.wire;

import io.newapi.core.pricing.AudioUsage;
import io.newapi.core.pricing.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What a call used.
 *
 * @param usage the figures to charge; zero for images that nobody counted
 * @param estimated whether they are ours, because the upstream reported none
 * @param images how many images came; {@link #AS_ORDERED} if that is not known, or there were to be none
 * @param audio text and sound, told apart in both directions; null where that is not done
 */
public record MeteredUsage(
        Usage usage,
        boolean estimated,
        long images,
        @Nullable AudioUsage audio) {

    /** As many as were asked for. */
    public static final long AS_ORDERED = -1;

    /** Of a call that is not one of text and sound. */
    public MeteredUsage(Usage usage, boolean estimated, long images) {
        this(usage, estimated, images, null);
    }

    /** Of a call that is not for images, or of which nobody knows how many came. */
    public MeteredUsage(Usage usage, boolean estimated) {
        this(usage, estimated, AS_ORDERED);
    }
}
