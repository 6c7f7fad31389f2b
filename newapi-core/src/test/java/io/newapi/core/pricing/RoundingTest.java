package io.newapi.core.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Whole numbers of 128 bits are rounded as decimals are. */
class RoundingTest {

    @Property(tries = 20_000)
    void bothFormsOfAnAmountRoundAlike(
            @ForAll @LongRange(min = 0) long high, @ForAll long low, @ForAll @IntRange(max = 18) int scale) {
        agree(high, low, scale);
        agree(high >>> 20, low, scale);
        agree(high >>> 45, low, scale);
        agree(0, low, scale);
    }

    @Example
    void halvesAndTheLargestAmounts() {
        for (int scale = 0; scale <= 18; scale++) {
            BigInteger power = BigInteger.TEN.pow(scale);
            for (BigInteger units : new BigInteger[] {
                BigInteger.ZERO, BigInteger.ONE, BigInteger.valueOf(Long.MAX_VALUE), BigInteger.ONE.shiftLeft(63)
            }) {
                BigInteger half = units.multiply(power).add(power.shiftRight(1));
                for (int offset = -1; offset <= 1; offset++) {
                    BigInteger amount = half.add(BigInteger.valueOf(offset)).max(BigInteger.ZERO);
                    agree(amount.shiftRight(64).longValue(), amount.longValue(), scale);
                }
            }
        }
    }

    private static void agree(long high, long low, int scale) {
        BigInteger amount = BigInteger.valueOf(high).shiftLeft(64).add(new BigInteger(Long.toUnsignedString(low)));
        BigInteger rounded =
                new BigDecimal(amount, scale).setScale(0, RoundingMode.HALF_UP).unscaledValue();
        long expected = rounded.bitLength() < Long.SIZE ? rounded.longValue() : Rounding.TOO_LARGE;

        assertThat(Rounding.halfUp(high, low, scale))
                .as("%s / 10^%s", amount, scale)
                .isEqualTo(expected);
    }
}
