package io.newapi.core.pricing;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * An exact decimal that is not negative: a price multiplier, or a price in USD.
 *
 * <p>A ratio is read from text and never passes through binary floating point, so {@code 0.1} is one tenth. It is
 * normalised: {@code 1.0}, {@code 1} and {@code 1e0} are equal and print as {@code 1}. What is accepted is bounded, so
 * that no configured text can make arithmetic expensive: at most {@value #MAX_DIGITS} significant digits, at most
 * {@value #MAX_DECIMALS} digits after the point, and less than 10<sup>{@value #MAX_INTEGER_DIGITS}</sup>.
 *
 * <p>Immutable. Products and sums are computed by those who price, as {@link BigDecimal}, and are not bounded by the
 * above.
 */
public final class Ratio implements Comparable<Ratio> {

    /** Makes what it multiplies free. */
    public static final Ratio ZERO = new Ratio(BigDecimal.ZERO);

    /** Changes nothing. */
    public static final Ratio ONE = new Ratio(BigDecimal.ONE);

    private static final int MAX_DIGITS = 40;
    private static final int MAX_DECIMALS = 40;
    private static final int MAX_INTEGER_DIGITS = 15;
    private static final int MAX_TEXT_LENGTH = 100;

    /** Enough bits for {@link #MAX_DIGITS} digits and some trailing zeros; a cheap first look at foreign values. */
    private static final int MAX_UNSCALED_BITS = 512;

    /** The numbers of JSON, and leading zeros; the exponent is bounded before anything is computed from it. */
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]{1,3})?");

    /** Where the digits end that a {@code long} surely holds. */
    private static final int SCALED_DIGITS = 18;

    private final BigDecimal value;

    /** The value times 10 to the power of its scale, or -1 where that has too many digits. */
    private final long scaled;

    private Ratio(BigDecimal normalised) {
        this.value = normalised;
        this.scaled = normalised.precision() <= SCALED_DIGITS
                ? normalised.unscaledValue().longValue()
                : -1;
    }

    /**
     * Reads a ratio as JSON writes numbers: {@code 2}, {@code 0.75}, {@code 1.5e-3}.
     *
     * @throws IllegalArgumentException if {@code text} is no such number, is negative, or exceeds the bounds above
     */
    public static Ratio parse(String text) {
        if (text.length() > MAX_TEXT_LENGTH) {
            throw new IllegalArgumentException("ratio has " + text.length() + " characters, more than "
                    + MAX_TEXT_LENGTH + ": " + text.substring(0, MAX_TEXT_LENGTH) + "...");
        }
        if (!NUMBER.matcher(text).matches()) {
            throw new IllegalArgumentException("ratio is not a decimal number: \"" + text + "\"");
        }
        return of(new BigDecimal(text));
    }

    /**
     * The ratio of exactly this value.
     *
     * @throws IllegalArgumentException if {@code value} is negative or exceeds the bounds above
     */
    public static Ratio of(long value) {
        return of(BigDecimal.valueOf(value));
    }

    /**
     * The ratio of exactly this value.
     *
     * @throws IllegalArgumentException if {@code value} is negative or exceeds the bounds above
     */
    public static Ratio of(BigDecimal value) {
        if (value.signum() < 0) {
            throw new IllegalArgumentException("ratio must not be negative: " + shown(value));
        }
        if (value.signum() == 0) {
            return ZERO;
        }
        if (value.unscaledValue().bitLength() > MAX_UNSCALED_BITS) {
            throw new IllegalArgumentException("ratio has more than " + MAX_DIGITS + " significant digits");
        }
        BigDecimal stripped = value.stripTrailingZeros();
        if (stripped.precision() > MAX_DIGITS) {
            throw new IllegalArgumentException(
                    "ratio has more than " + MAX_DIGITS + " significant digits: " + shown(value));
        }
        if (stripped.scale() > MAX_DECIMALS) {
            throw new IllegalArgumentException(
                    "ratio has more than " + MAX_DECIMALS + " digits after the point: " + shown(value));
        }
        if ((long) stripped.precision() - stripped.scale() > MAX_INTEGER_DIGITS) {
            throw new IllegalArgumentException(
                    "ratio must be less than 10 to the power of " + MAX_INTEGER_DIGITS + ": " + shown(value));
        }
        return new Ratio(plain(stripped));
    }

    /** The value, without trailing zeros and never in exponent form. */
    public BigDecimal toBigDecimal() {
        return value;
    }

    /** Whether this is 0. */
    public boolean isZero() {
        return scaled == 0;
    }

    /** The value times 10 to the power of {@link #scale}; -1 if a {@code long} may not hold it. */
    long scaled() {
        return scaled;
    }

    /** The digits after the point. */
    int scale() {
        return value.scale();
    }

    @Override
    public int compareTo(Ratio other) {
        return value.compareTo(other.value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ratio ratio && value.equals(ratio.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    /** The shortest plain decimal text; {@link #parse} reads it back to an equal ratio. */
    @Override
    public String toString() {
        return value.toPlainString();
    }

    /** The same value without trailing zeros and without exponent. */
    static BigDecimal plain(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    /** Exponent form: the plain text of a refused value may be as long as its exponent is large. */
    private static String shown(BigDecimal refused) {
        return refused.unscaledValue().bitLength() > MAX_UNSCALED_BITS ? "(too long to show)" : refused.toString();
    }
}
