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

    static ModelTerms of(String model, Price price, Ratio quotaPerUnit) {
        BigDecimal unit = quotaPerUnit.toBigDecimal();
        BigDecimal audio =
                GeminiAudio.usdPerMillion(model).toBigDecimal().movePointLeft(6).multiply(unit);
        Rates rates = price.<@Nullable Rates>match(
                byRatio -> rates(byRatio, audio),
                perCall -> Rates.ofCall(perCall.priceUsd().toBigDecimal().multiply(unit), audio),
                tiered -> null);
        return new ModelTerms(price, rates);
    }

    private static @Nullable Rates rates(ByRatio price, BigDecimal audio) {
        BigDecimal plain = price.modelRatio().toBigDecimal();
        BigDecimal write = plain.multiply(price.cacheWriteRatio().toBigDecimal());
        return Rates.of(List.of(
                plain,
                plain.multiply(price.cacheRatio().toBigDecimal()),
                write,
                write.multiply(ByRatio.ONE_HOUR.toBigDecimal()),
                plain.multiply(price.imageRatio().toBigDecimal()),
                plain.multiply(price.completionRatio().toBigDecimal()),
                audio));
    }
}
