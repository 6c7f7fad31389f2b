package io.newapi.core.pricing;

import io.newapi.core.quota.Quota;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * The one place where an exact amount becomes quota, from either form in which an amount is computed: decimals of any
 * size, or 128-bit integers scaled by a power of ten. Both forms give the same quota.
 */
final class Rounding {

    /** The largest scale whose power of ten, doubled, is a {@code long}. */
    static final int MAX_SCALE = 18;

    /** Answers of {@link #halfUp} that are no amount. */
    static final long TOO_LARGE = -1;

    private static final long[] POWERS_OF_TEN = powersOfTen();

    private Rounding() {}

    /**
     * The nearest whole quota; a half goes up, which for amounts (never negative) is away from zero.
     *
     * @throws AmountOverflowException if the result exceeds 64 bits
     */
    static Quota toQuota(BigDecimal exact) {
        BigInteger units = exact.setScale(0, RoundingMode.HALF_UP).unscaledValue();
        if (units.bitLength() >= Long.SIZE) {
            throw new AmountOverflowException(exact);
        }
        return Quota.of(units.longValue());
    }

    /**
     * The same for the 128-bit integer {@code high * 2^64 + low}, {@code low} being unsigned, divided by 10 to the power
     * of {@code scale}.
     *
     * @param high not negative
     * @param scale from 0 to {@link #MAX_SCALE}
     * @return the quota units, or {@link #TOO_LARGE} if they exceed 63 bits
     */
    static long halfUp(long high, long low, int scale) {
        long divisor = POWERS_OF_TEN[scale];
        long half = divisor >>> 1;
        long shifted = low + half;
        long top = Long.compareUnsigned(shifted, half) < 0 ? high + 1 : high;
        if (top == 0 && shifted >= 0) {
            return shifted / divisor;
        }
        if (top < 0 || top >= divisor) {
            return TOO_LARGE;
        }
        long quotient = divide(top, shifted, divisor);
        return quotient < 0 ? TOO_LARGE : quotient;
    }

    /**
     * {@code (high * 2^64 + low) / divisor} by schoolbook division in digits of 32 bits (Knuth, The Art of Computer
     * Programming, volume 2, algorithm D).
     *
     * @param high less than {@code divisor}, so that the quotient has 64 bits
     * @param divisor positive
     */
    private static long divide(long high, long low, long divisor) {
        if (high == 0) {
            return Long.divideUnsigned(low, divisor);
        }
        int shift = Long.numberOfLeadingZeros(divisor);
        long normal = divisor << shift;
        long upper = shift == 0 ? high : high << shift | low >>> (Long.SIZE - shift);
        long lower = low << shift;
        long first = digit(upper, lower >>> 32, normal);
        long rest = (upper << 32 | lower >>> 32) - first * normal;
        long second = digit(rest, lower & 0xFFFF_FFFFL, normal);
        return first << 32 | second;
    }

    /** The 32-bit digit {@code (upper * 2^32 + next) / divisor}, for a divisor whose highest bit is set. */
    private static long digit(long upper, long next, long divisor) {
        long divisorHigh = divisor >>> 32;
        long divisorLow = divisor & 0xFFFF_FFFFL;
        long digit = Long.divideUnsigned(upper, divisorHigh);
        long rest = upper - digit * divisorHigh;
        while (digit >>> 32 != 0 || Long.compareUnsigned(digit * divisorLow, rest << 32 | next) > 0) {
            digit--;
            rest += divisorHigh;
            if (rest >>> 32 != 0) {
                break;
            }
        }
        return digit;
    }

    private static long[] powersOfTen() {
        long[] powers = new long[MAX_SCALE + 1];
        powers[0] = 1;
        for (int i = 1; i <= MAX_SCALE; i++) {
            powers[i] = powers[i - 1] * 10;
        }
        return powers;
    }
}
