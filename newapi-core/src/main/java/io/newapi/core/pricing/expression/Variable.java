package io.newapi.core.pricing.expression;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The counts that an expression can name. */
public enum Variable {
    /** Prompt tokens, less those that the expression names by another variable. */
    P,
    /** Completion tokens, less those that the expression names by another variable. */
    C,
    /** The whole input. */
    LEN,
    /** Tokens read from the cache. */
    CR,
    /** Tokens written to the cache, those for one hour excepted. */
    CC,
    /** Tokens written to the cache for one hour. */
    CC1H,
    /** Image tokens of the prompt. */
    IMG,
    /** Image tokens of the completion. */
    IMG_O,
    /** Audio tokens of the prompt. */
    AI,
    /** Audio tokens of the completion. */
    AO;

    /** As expressions write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Variable> ofWord(String word) {
        return Arrays.stream(values())
                .filter(variable -> variable.word().equals(word))
                .findFirst();
    }
}
