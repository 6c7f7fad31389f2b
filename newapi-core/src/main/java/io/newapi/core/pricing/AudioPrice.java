package io.newapi.core.pricing;

/**
 * What audio costs in a model that is priced by tokens, where it is told apart in both directions (audio chat and realtime).
 *
 * @param inputRatio audio input token against text input token
 * @param outputRatio audio output token against audio input token
 */
public record AudioPrice(Ratio inputRatio, Ratio outputRatio) {

    /** Audio like text. */
    public static final AudioPrice LIKE_TEXT = new AudioPrice(Ratio.ONE, Ratio.ONE);
}
