package io.newapi.core.pricing;

import java.math.BigDecimal;

/**
 * An amount of quota that 64 bits cannot hold. It is never cut down to what fits: a call whose reservation overflows is
 * refused, and a charge that overflows is for a person to look at.
 */
public final class AmountOverflowException extends ArithmeticException {

    private final BigDecimal amount;

    AmountOverflowException(BigDecimal amount) {
        super("quota of " + amount + " units exceeds 64 bits");
        this.amount = amount;
    }

    /** The exact amount, in quota units. */
    public BigDecimal amount() {
        return amount;
    }
}
