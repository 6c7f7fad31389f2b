package io.newapi.core.pricing;

import io.newapi.core.pricing.Price.ByRatio;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model's price, and the same as rates.
 *
 * @param price the price
 * @param rates what one of everything costs; null where that takes more than whole numbers of 64 bits
 */
record ModelTerms(Price price, @Nullable Rates rates) {

    static ModelTerms of(Price price, Ratio quotaPerUnit) {
        Rates rates = price.<@Nullable Rates>match(
                byRatio -> rates(byRatio, quotaPerUnit),
                perCall -> Rates.ofCall(perCall.priceUsd().toBigDecimal().multiply(quotaPerUnit.toBigDecimal())),
                tiered -> null);
        return new ModelTerms(price, rates);
    }

    private static @Nullable Rates rates(ByRatio price, Ratio quotaPerUnit) {
        BigDecimal plain = price.modelRatio().toBigDecimal();
        BigDecimal write = plain.multiply(price.cacheWriteRatio().toBigDecimal());
        BigDecimal audio = price.audio().inputUsdPerMillion().toBigDecimal().movePointLeft(6);
        return Rates.of(List.of(
                plain,
                plain.multiply(price.cacheRatio().toBigDecimal()),
                write,
                write.multiply(ByRatio.ONE_HOUR.toBigDecimal()),
                plain.multiply(price.imageRatio().toBigDecimal()),
                plain.multiply(price.completionRatio().toBigDecimal()),
                audio.multiply(quotaPerUnit.toBigDecimal())));
    }
}
