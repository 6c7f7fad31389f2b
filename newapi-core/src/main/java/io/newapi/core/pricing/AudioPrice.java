package io.newapi.core.pricing;

/**
 * What audio costs in a model that is priced by tokens.
 *
 * @param inputRatio audio input token against text input token, where audio is told apart in both directions (audio chat and
 *     realtime)
 * @param outputRatio audio output token against audio input token, likewise
 * @param inputUsdPerMillion USD for a million audio input tokens that are charged beside the prompt, at their own price; 0
 *     if they are part of it and priced like text
 */
public record AudioPrice(Ratio inputRatio, Ratio outputRatio, Ratio inputUsdPerMillion) {

    /** Audio like text. */
    public static final AudioPrice LIKE_TEXT = new AudioPrice(Ratio.ONE, Ratio.ONE, Ratio.ZERO);

    /** Whether audio input of a prompt has a price of its own. */
    public boolean isSeparate() {
        return !inputUsdPerMillion.isZero();
    }
}
