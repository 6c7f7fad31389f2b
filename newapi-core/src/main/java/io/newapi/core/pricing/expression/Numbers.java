package io.newapi.core.pricing.expression;

import java.math.BigDecimal;

/** Values as numbers, within bounds that keep arithmetic cheap whatever a request sends. */
final class Numbers {

    private static final int MAX_DIGITS = 1000;
    private static final int MAX_EXPONENT = 1000;

    private Numbers() {}

    /** The number that a value is. */
    static BigDecimal of(Value value, int position) {
        if (value instanceof Value.Numeric number) {
            return number.value();
        }
        throw new EvaluationException(position, "a number is needed, not " + value.kind());
    }

    /** The number as a value, if it has not too many digits to go on with. */
    static Value bounded(BigDecimal number, int position) {
        if (number.precision() > MAX_DIGITS || Math.abs((long) number.scale()) > MAX_EXPONENT) {
            throw new EvaluationException(position, "a number of more than " + MAX_DIGITS + " digits");
        }
        return Value.of(number);
    }
}
