package io.newapi.server.store;

import org.jspecify.annotations.Nullable;

/**
 * Which channels are wanted; an empty text, {@code ANY} and null mean all.
 *
 * @param keyword part of the name or base URL, or the whole id or key
 * @param group one of the channel's groups, exactly
 * @param model part of the channel's list of models
 * @param status enabled ones, all others, or any
 * @param type the exact type number
 */
public record ChannelFilter(
        String keyword,
        String group,
        String model,
        Status status,
        @Nullable Integer type) {

    /** Whether the channel is in use. */
    public enum Status {
        /** Status 1 and the others. */
        ANY,
        /** Status 1. */
        ENABLED,
        /** Any other status. */
        DISABLED
    }

    /** All channels. */
    public static final ChannelFilter ALL = new ChannelFilter("", "", "", Status.ANY, null);
}
