package io.newapi.core.pricing;

import io.newapi.core.quota.Quota;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** The one place where an exact amount becomes quota. */
final class Rounding {

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
}
