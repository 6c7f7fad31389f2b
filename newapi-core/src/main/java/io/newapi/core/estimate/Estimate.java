package io.newapi.core.estimate;

/**
 * An estimate that grows as text arrives. However the text is cut into pieces, even between the two halves of a
 * surrogate pair, the result is that of the whole.
 *
 * <p>Takes time in proportion to the text, and no memory. Not safe for use by several threads.
 */
public final class Estimate {

    private static final int HUNDREDTHS = 100;
    private static final char NONE = 0;

    private final Weights weights;
    private long hundredths;
    private CharacterKind previous = CharacterKind.SPACE;

    /** The first half of a pair whose second half has not arrived, or {@link #NONE}. */
    private char openHalf = NONE;

    Estimate(Weights weights) {
        this.weights = weights;
    }

    /** Goes on with {@code text}, directly after what was added before. */
    public Estimate add(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            add(text.charAt(i));
        }
        return this;
    }

    /** The estimated text tokens of everything added so far, rounded up; 0 for no text. */
    public long tokens() {
        long all = hundredths + (openHalf == NONE ? 0 : weights.of(CharacterKind.SYMBOL));
        return (all + HUNDREDTHS - 1) / HUNDREDTHS;
    }

    private void add(char unit) {
        char first = openHalf;
        openHalf = NONE;
        if (first != NONE) {
            if (Character.isLowSurrogate(unit)) {
                weigh(Character.toCodePoint(first, unit));
                return;
            }
            weigh(first);
        }
        if (Character.isHighSurrogate(unit)) {
            openHalf = unit;
        } else {
            weigh(unit);
        }
    }

    private void weigh(int codePoint) {
        CharacterKind kind = CharacterKind.of(codePoint);
        if (!kind.runs() || kind != previous) {
            hundredths += weights.of(kind);
        }
        previous = kind;
    }
}
