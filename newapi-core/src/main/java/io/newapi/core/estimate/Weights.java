package io.newapi.core.estimate;

import java.util.Locale;

/**
 * What each kind of character weighs for a family of models, in hundredths of a token: integers, so that a sum does not
 * depend on the order of its parts.
 */
enum Weights {
    GEMINI(115, 280, 68, 38, 105, 120, 250, 108, 115, 20),
    CLAUDE(113, 163, 121, 40, 452, 126, 282, 260, 89, 39),
    OPENAI(102, 155, 85, 40, 268, 100, 200, 212, 50, 42);

    private final int word;
    private final int number;
    private final int cjk;
    private final int symbol;
    private final int math;
    private final int urlDelimiter;
    private final int at;
    private final int emoji;
    private final int lineBreak;
    private final int space;

    Weights(
            int word,
            int number,
            int cjk,
            int symbol,
            int math,
            int urlDelimiter,
            int at,
            int emoji,
            int lineBreak,
            int space) {
        this.word = word;
        this.number = number;
        this.cjk = cjk;
        this.symbol = symbol;
        this.math = math;
        this.urlDelimiter = urlDelimiter;
        this.at = at;
        this.emoji = emoji;
        this.lineBreak = lineBreak;
        this.space = space;
    }

    /** The family that the model's name speaks of; OpenAI's where it speaks of none. */
    static Weights forModel(String model) {
        String name = model.toLowerCase(Locale.ROOT);
        if (name.contains("gemini")) {
            return GEMINI;
        }
        return name.contains("claude") ? CLAUDE : OPENAI;
    }

    /** Hundredths of a token for a character, or for the run that it starts. */
    int of(CharacterKind kind) {
        return switch (kind) {
            case BREAK -> lineBreak;
            case SPACE -> space;
            case CJK -> cjk;
            case EMOJI -> emoji;
            case LETTER -> word;
            case NUMBER -> number;
            case MATH -> math;
            case AT -> at;
            case URL_DELIMITER -> urlDelimiter;
            case SYMBOL -> symbol;
        };
    }
}
