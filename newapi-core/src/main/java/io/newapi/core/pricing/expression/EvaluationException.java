package io.newapi.core.pricing.expression;

/** A price expression that has no value for a call: it divides by zero, or compares what cannot be compared. */
public final class EvaluationException extends ArithmeticException {

    private final int position;

    EvaluationException(int position, String reason) {
        super("at character " + (position + 1) + ": " + reason);
        this.position = position;
    }

    /** The index of the first character of the part that failed. */
    public int position() {
        return position;
    }
}
