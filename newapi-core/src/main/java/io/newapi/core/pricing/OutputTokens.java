package io.newapi.core.pricing;

/**
 * Parts of the completion that a price expression may name. By ratio every completion token costs the same.
 *
 * @param imageTokens completion tokens that are images
 * @param audioTokens completion tokens that are audio
 */
public record OutputTokens(long imageTokens, long audioTokens) {

    /** All of the completion is text. */
    public static final OutputTokens TEXT = new OutputTokens(0, 0);

    /** @throws IllegalArgumentException if a count is negative or above {@link Usage#MAX_COUNT} */
    public OutputTokens {
        Usage.requireCount("output imageTokens", imageTokens);
        Usage.requireCount("output audioTokens", audioTokens);
    }
}
