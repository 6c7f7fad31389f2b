package io.newapi.core.pricing;

/**
 * What a call used where audio is told apart from text in both directions: audio chat, and realtime connections.
 *
 * @param textInput text tokens in
 * @param audioInput audio tokens in
 * @param textOutput text tokens out
 * @param audioOutput audio tokens out
 */
public record AudioUsage(long textInput, long audioInput, long textOutput, long audioOutput) {

    /** Nothing told apart. */
    public static final AudioUsage NONE = new AudioUsage(0, 0, 0, 0);

    /** @throws IllegalArgumentException if a count is negative or above {@link Usage#MAX_COUNT} */
    public AudioUsage {
        Usage.requireCount("textInput", textInput);
        Usage.requireCount("audioInput", audioInput);
        Usage.requireCount("textOutput", textOutput);
        Usage.requireCount("audioOutput", audioOutput);
    }

    /** Whether nothing was told apart. */
    public boolean isZero() {
        return (textInput | audioInput | textOutput | audioOutput) == 0;
    }

    /** The sum, for connections that report turn by turn. */
    public AudioUsage plus(AudioUsage turn) {
        return new AudioUsage(
                textInput + turn.textInput,
                audioInput + turn.audioInput,
                textOutput + turn.textOutput,
                audioOutput + turn.audioOutput);
    }

    /** These details where they say all of the totals; what they leave out of a total is text. */
    public AudioUsage within(long promptTokens, long completionTokens) {
        return new AudioUsage(
                Math.max(textInput, promptTokens - audioInput),
                audioInput,
                Math.max(textOutput, completionTokens - audioOutput),
                audioOutput);
    }
}
