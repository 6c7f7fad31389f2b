package io.newapi.core.pricing;

import io.newapi.core.quota.Quota;
import java.util.List;

/**
 * What a caller pays for a request that the provider refused, and fined, for its content.
 *
 * @param usd the fine in USD; 0 for none
 */
public record ViolationFee(Ratio usd) {

    /** Unless configured otherwise. */
    public static final ViolationFee SHIPPED = new ViolationFee(Ratio.parse("0.05"));

    /** No fine. */
    public static final ViolationFee NONE = new ViolationFee(Ratio.ZERO);

    private static final List<String> MARKS =
            List.of("Failed check: SAFETY_CHECK_TYPE", "Content violates usage guidelines");

    /** Whether the text of an upstream's error says that the provider fines the request. */
    public static boolean appliesTo(String upstreamError) {
        return MARKS.stream().anyMatch(upstreamError::contains);
    }

    /**
     * The fine in quota, exact, rounded once; it has no minimum.
     *
     * @throws AmountOverflowException if the amount exceeds 64 bits
     */
    public Quota quota(Ratio quotaPerUnit, GroupRatio groupRatio) {
        return Rounding.toQuota(usd.toBigDecimal()
                .multiply(quotaPerUnit.toBigDecimal())
                .multiply(groupRatio.ratio().toBigDecimal()));
    }
}
