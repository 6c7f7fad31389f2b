package io.newapi.core.estimate;

import java.util.Arrays;

/**
 * What a character is to the estimator. The ranges are Unicode's; characters that a JDK's Unicode version does not know
 * yet count as symbols there.
 */
enum CharacterKind {
    /** White space that separates lines or columns. */
    BREAK,
    /** Any other white space. */
    SPACE,
    /** A character of Chinese, Japanese or Korean writing: each is about a token of its own. */
    CJK,
    EMOJI,
    /** Part of a word; a run of letters weighs once. */
    LETTER,
    /** Part of a number; a run of digits weighs once. */
    NUMBER,
    MATH,
    AT,
    URL_DELIMITER,
    SYMBOL;

    private static final String URL_DELIMITERS = "/:?&=;#%";

    /** Mathematical signs that lie outside the mathematical blocks. */
    private static final String SCATTERED_MATH =
            "\u00b1\u00d7\u00f7\u00ac\u00b0\u2032\u2033\u2034" // plus-minus to triple prime
                    + "\u207a\u207b\u207c\u207d\u207e" // superscript signs
                    + "\u208a\u208b\u208c\u208d\u208e"; // subscript signs

    /** Most text is ASCII: its kinds are looked up. */
    private static final CharacterKind[] ASCII = new CharacterKind[128];

    static {
        Arrays.setAll(ASCII, CharacterKind::classify);
    }

    static CharacterKind of(int codePoint) {
        return codePoint < ASCII.length ? ASCII[codePoint] : classify(codePoint);
    }

    /** The first kind that fits, in the order in which they are tried here. */
    private static CharacterKind classify(int codePoint) {
        if (isWhiteSpace(codePoint)) {
            return codePoint == '\n' || codePoint == '\t' ? BREAK : SPACE;
        }
        if (isCjk(codePoint)) {
            return CJK;
        }
        if (isEmoji(codePoint)) {
            return EMOJI;
        }
        if (Character.isLetter(codePoint)) {
            return LETTER;
        }
        if (isNumber(codePoint)) {
            return NUMBER;
        }
        if (isMath(codePoint)) {
            return MATH;
        }
        if (codePoint == '@') {
            return AT;
        }
        return URL_DELIMITERS.indexOf(codePoint) >= 0 ? URL_DELIMITER : SYMBOL;
    }

    /** Whether characters of this kind that follow each other weigh as one. */
    boolean runs() {
        return this == LETTER || this == NUMBER;
    }

    /** Unicode's White_Space property, for which Java's own tests are close but not the same. */
    private static boolean isWhiteSpace(int c) {
        return (c >= 0x09 && c <= 0x0d)
                || c == 0x20
                || c == 0x85
                || c == 0xa0
                || (c >= 0x1680 && Character.isSpaceChar(c));
    }

    private static boolean isCjk(int c) {
        return c >= 0x2e80 // the first of them all; spares Latin text the search for its script
                && ((c >= 0x3040 && c <= 0x30ff)
                        || (c >= 0xac00 && c <= 0xd7a3)
                        || Character.UnicodeScript.of(c) == Character.UnicodeScript.HAN);
    }

    private static boolean isEmoji(int c) {
        return (c >= 0x1f300 && c <= 0x1f9ff) || (c >= 0x2600 && c <= 0x27bf) || (c >= 0x1fa00 && c <= 0x1faff);
    }

    private static boolean isNumber(int c) {
        int type = Character.getType(c);
        return type == Character.DECIMAL_DIGIT_NUMBER
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER;
    }

    private static boolean isMath(int c) {
        return (c >= 0x2200 && c <= 0x22ff)
                || (c >= 0x2a00 && c <= 0x2aff)
                || (c >= 0x1d400 && c <= 0x1d7ff)
                || SCATTERED_MATH.indexOf(c) >= 0;
    }
}
