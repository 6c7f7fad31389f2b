package io.newapi.cli.client;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * An amount of quota as people write it: {@code 500000} quota units, or {@code $1.5} or {@code 1.5usd}.
 *
 * @param number units or dollars, not negative
 * @param inUsd whether the number is dollars
 */
public record QuotaAmount(BigDecimal number, boolean inUsd) {

    /** @throws IllegalArgumentException if it is negative, or a fraction of a unit */
    public QuotaAmount {
        if (number.signum() < 0) {
            throw new IllegalArgumentException("quota must not be negative: " + number.toPlainString());
        }
        if (!inUsd && number.stripTrailingZeros().scale() > 0) {
            throw new IllegalArgumentException("quota units are whole numbers: " + number.toPlainString());
        }
    }

    /** @throws IllegalArgumentException if the text is no amount */
    public static QuotaAmount parse(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        boolean inUsd = lower.startsWith("$") || lower.endsWith("usd");
        String digits = lower.startsWith("$")
                ? lower.substring(1)
                : inUsd ? lower.substring(0, lower.length() - "usd".length()).strip() : lower;
        if (!digits.matches("[0-9]{1,19}(\\.[0-9]{1,12})?")) {
            throw new IllegalArgumentException("no amount of quota: '" + text + "'; write 500000, $1.5 or 1.5usd");
        }
        return new QuotaAmount(new BigDecimal(digits), inUsd);
    }

    /**
     * The amount in quota units, exact.
     *
     * @param unitsPerUsd what a dollar is worth on the server
     * @throws IllegalArgumentException if it is not a whole number of units, or above 64 bits
     */
    public long units(BigDecimal unitsPerUsd) {
        BigDecimal units = inUsd ? number.multiply(unitsPerUsd) : number;
        try {
            return units.setScale(0, RoundingMode.UNNECESSARY).longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    this + " is " + units.stripTrailingZeros().toPlainString()
                            + " quota units: not a whole number of at most 64 bits",
                    e);
        }
    }

    @Override
    public String toString() {
        return inUsd ? "$" + number.toPlainString() : number.toPlainString();
    }
}
