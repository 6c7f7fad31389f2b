package io.newapi.server.relay.wire;

import io.newapi.core.pricing.Usage;

/**
 * What a call used.
 *
 * @param usage the figures to charge; zero for images that nobody counted
 * @param estimated whether they are ours, because the upstream reported none
 * @param images how many images came; {@link #AS_ORDERED} if that is not known, or there were to be none
 */
public record MeteredUsage(Usage usage, boolean estimated, long images) {

    /** As many as were asked for. */
    public static final long AS_ORDERED = -1;

    /** Of a call that is not for images, or of which nobody knows how many came. */
    public MeteredUsage(Usage usage, boolean estimated) {
        this(usage, estimated, AS_ORDERED);
    }
}
