package io.newapi.core.pricing;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The billing formula, written down once more, straight from the rule and in nothing but {@link BigDecimal}. It is the
 * oracle of the property tests, and shares no code with what it judges.
 */
record BillingFormula(
        BigDecimal modelRatio,
        BigDecimal completionRatio,
        BigDecimal cacheRatio,
        BigDecimal cacheWriteRatio,
        BigDecimal imageRatio,
        BigDecimal groupRatio) {

    /** base + cached x kr + unsplit x wr + 5m x wr + 1h x wr x 1.6 + image x ir + output x cr, all x mr x gr. */
    BigDecimal exact(Usage usage) {
        BigDecimal p = number(usage.promptTokens());
        BigDecimal c = number(usage.completionTokens());
        BigDecimal k = number(usage.cachedTokens());
        BigDecimal w5 = number(usage.cacheWrite5mTokens());
        BigDecimal w1 = number(usage.cacheWrite1hTokens());
        BigDecimal w = number(usage.cacheWriteTokens()).max(w5.add(w1));
        BigDecimal i = number(usage.imageTokens());

        BigDecimal base = p.subtract(i);
        if (usage.semantics() == UsageSemantics.OPENAI) {
            base = base.subtract(k).subtract(w);
        }
        BigDecimal oneHour = cacheWriteRatio.multiply(new BigDecimal("1.6"));
        return base.max(BigDecimal.ZERO)
                .add(k.multiply(cacheRatio))
                .add(w.subtract(w5).subtract(w1).multiply(cacheWriteRatio))
                .add(w5.multiply(cacheWriteRatio))
                .add(w1.multiply(oneHour))
                .add(i.multiply(imageRatio))
                .add(c.multiply(completionRatio))
                .multiply(modelRatio)
                .multiply(groupRatio);
    }

    /** Rounded half up; 0 without tokens or with a zero ratio; else at least 1. */
    BigDecimal quota(Usage usage) {
        long counted = usage.promptTokens()
                + usage.completionTokens()
                + usage.cachedTokens()
                + usage.cacheWriteTokens()
                + usage.cacheWrite5mTokens()
                + usage.cacheWrite1hTokens()
                + usage.imageTokens()
                + usage.audioTokens();
        if (counted == 0 || modelRatio.signum() == 0 || groupRatio.signum() == 0) {
            return BigDecimal.ZERO;
        }
        return exact(usage).setScale(0, RoundingMode.HALF_UP).max(BigDecimal.ONE);
    }

    private static BigDecimal number(long count) {
        return BigDecimal.valueOf(count);
    }
}
