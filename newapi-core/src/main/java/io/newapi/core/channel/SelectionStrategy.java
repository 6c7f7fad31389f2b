package io.newapi.core.channel;

import java.util.Optional;

/**
 * How a call chooses among channels of equal standing: those that it has tried equally often, that are equally well, and
 * that have the same priority. Stored by its {@link #text()}.
 */
public enum SelectionStrategy {
    /** By weight alone: with the probability of a channel's weight over the sum of weights. New API's way. */
    WEIGHTED("weighted"),

    /**
     * The channel with the fewest calls under way from this node, for each unit of its weight. Beyond
     * 64 channels of one priority, the better of two that are drawn by weight.
     */
    LEAST_IN_FLIGHT("least_in_flight"),

    /**
     * Of two channels that are drawn by weight, the one that should answer first: by the moving average of its time to
     * the first byte, times the calls that are under way. A channel that was not measured for long is tried.
     */
    LOWEST_LATENCY("lowest_latency");

    private final String text;

    SelectionStrategy(String text) {
        this.text = text;
    }

    /** The stored text. */
    public String text() {
        return text;
    }

    /** The strategy stored as {@code text}. */
    public static Optional<SelectionStrategy> fromText(String text) {
        for (SelectionStrategy strategy : values()) {
            if (strategy.text.equals(text)) {
                return Optional.of(strategy);
            }
        }
        return Optional.empty();
    }
}
