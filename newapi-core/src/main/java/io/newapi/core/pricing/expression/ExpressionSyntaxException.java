package io.newapi.core.pricing.expression;

/** A text that is no price expression. The message names the place and the reason. */
public final class ExpressionSyntaxException extends IllegalArgumentException {

    private final int position;

    ExpressionSyntaxException(int position, String reason) {
        super("at character " + (position + 1) + ": " + reason);
        this.position = position;
    }

    /** The index of the first character that could not be understood. */
    public int position() {
        return position;
    }
}
