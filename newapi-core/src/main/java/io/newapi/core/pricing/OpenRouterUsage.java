package io.newapi.core.pricing;

import io.newapi.core.pricing.Price.ByRatio;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Usage of Anthropic models by way of OpenRouter, whose prompt count includes the cache although it counts cache reads by
 * Anthropic's names, and which does not tell cache writes but for their cost.
 */
final class OpenRouterUsage {

    private OpenRouterUsage() {}

    /**
     * The usage as Anthropic would have counted it.
     *
     * @param costUsd what OpenRouter says the call cost; null if it does not
     */
    static Usage corrected(Quote quote, Usage usage, @Nullable Ratio costUsd) {
        if (usage.semantics() != UsageSemantics.ANTHROPIC) {
            return usage;
        }
        long uncached = Math.max(0, usage.promptTokens() - usage.cachedTokens());
        long written = usage.writtenTokens();
        Usage corrected = usage;
        if (written == 0
                && costUsd != null
                && quote.price() instanceof ByRatio price
                && isShipped(quote.model(), price)) {
            written = inferred(price, quote.terms().quotaPerUnit(), usage, costUsd, uncached);
            corrected = usage.withCacheWriteTokens(written);
        }
        return corrected.withPromptTokens(Math.max(0, uncached - written));
    }

    /** Only the prices that everybody knows say anything about what the call cost OpenRouter. */
    private static boolean isShipped(String model, ByRatio price) {
        Ratio shipped = PriceBook.shipped().modelRatios().get(model);
        return shipped != null && shipped.equals(price.modelRatio());
    }

    /**
     * The tokens whose price explains the cost: what it exceeds the price of the other tokens by, divided by what writing a
     * token costs more than reading it; 0 unless that is a possible count.
     */
    private static long inferred(ByRatio price, Ratio quotaPerUnit, Usage usage, Ratio costUsd, long most) {
        BigDecimal model = price.modelRatio().toBigDecimal();
        BigDecimal more = model.multiply(price.cacheWriteRatio().toBigDecimal().subtract(BigDecimal.ONE));
        if (more.signum() == 0) {
            return 0;
        }
        BigDecimal cached = BigDecimal.ONE.subtract(price.cacheRatio().toBigDecimal());
        BigDecimal unexplained = costUsd.toBigDecimal()
                .multiply(quotaPerUnit.toBigDecimal())
                .subtract(BigDecimal.valueOf(usage.promptTokens()).multiply(model))
                .add(BigDecimal.valueOf(usage.cachedTokens()).multiply(model).multiply(cached))
                .subtract(BigDecimal.valueOf(usage.completionTokens())
                        .multiply(model)
                        .multiply(price.completionRatio().toBigDecimal()));
        BigDecimal tokens = unexplained.divide(more, 0, RoundingMode.HALF_UP);
        boolean possible = tokens.signum() >= 0 && tokens.compareTo(BigDecimal.valueOf(most)) <= 0;
        return possible ? tokens.longValueExact() : 0;
    }
}
