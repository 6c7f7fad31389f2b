package io.newapi.core.pricing;

import io.newapi.core.pricing.ChargeLine.Factor;
import io.newapi.core.pricing.Price.ByRatio;
import io.newapi.core.pricing.Price.PerCall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bill of a call: its tokens by ratio, by its price or by expression, and what is charged beside them.
 *
 * @param quote the terms
 * @param use what was used
 * @param tiered what the expression came to; null for other prices
 */
record CallBill(Quote quote, CallUse use, @Nullable TieredPrice tiered) implements Bill {

    @Override
    public String model() {
        return quote.model();
    }

    @Override
    public boolean nothingUsed() {
        return use.usage().isZero();
    }

    @Override
    public boolean free() {
        return quote.free() || (tiered != null && tiered.isZero());
    }

    @Override
    public List<ChargeLine> lines() {
        if (nothingUsed()) {
            return List.of();
        }
        Lines lines = new Lines(quote.groupRatio(), quote.terms().quotaPerUnit());
        quote.price().match(byRatio -> byTokens(lines, byRatio), perCall -> perCall(lines, perCall), expression -> {
            if (tiered != null) {
                tiered.addTo(lines);
            }
            return lines;
        });
        surcharges().addTo(lines);
        ImageOrder images = use.images();
        if (images != null && quote.price() instanceof PerCall) {
            lines.times(new Factor("images", Ratio.of(images.count())));
        }
        return lines.toList();
    }

    private Lines byTokens(Lines lines, ByRatio price) {
        Usage usage = use.usage();
        Ratio model = price.modelRatio();
        Factor cacheWrite = new Factor("cache write ratio", price.cacheWriteRatio());
        lines.tokens("prompt tokens", Math.max(0, plainPromptTokens()), model);
        lines.tokens("cached tokens", usage.cachedTokens(), model, new Factor("cache ratio", price.cacheRatio()));
        lines.tokens("cache write tokens", usage.unsplitWriteTokens(), model, cacheWrite);
        lines.tokens("5-minute cache write tokens", usage.cacheWrite5mTokens(), model, cacheWrite);
        lines.tokens(
                "1-hour cache write tokens",
                usage.cacheWrite1hTokens(),
                model,
                cacheWrite,
                new Factor("one hour", ByRatio.ONE_HOUR));
        lines.tokens("image input tokens", usage.imageTokens(), model, new Factor("image ratio", price.imageRatio()));
        lines.tokens(
                "completion tokens",
                usage.completionTokens(),
                model,
                new Factor("completion ratio", price.completionRatio()));
        return lines;
    }

    private long plainPromptTokens() {
        return use.usage().plainPromptTokens() - surcharges().audioTokens();
    }

    private Lines perCall(Lines lines, PerCall price) {
        Factor usd = new Factor("price in USD", price.priceUsd());
        ImageOrder images = use.images();
        if (images == null) {
            lines.priced("call", 1, usd);
        } else {
            lines.priced(
                    "image",
                    1,
                    usd,
                    new Factor("size", images.sizeRatio(quote.model())),
                    new Factor("quality", images.qualityRatio(quote.model())));
        }
        return lines;
    }

    /** An expression prices audio itself, if it names it. */
    private Surcharges surcharges() {
        boolean separate = tiered == null && quote.hasSeparateAudio();
        return new Surcharges(quote, use, separate ? use.usage().audioTokens() : 0);
    }

    @Override
    public boolean baseClamped() {
        return quote.price()
                .match(
                        byRatio -> plainPromptTokens() < 0,
                        perCall -> false,
                        expression -> tiered != null && tiered.clamped());
    }

    @Override
    public List<String> remarks() {
        return tiered == null ? List.of() : tiered.remarks();
    }

    @Override
    public void log(LogFields fields) {
        fields.putPrice(quote.price(), quote.groupRatio(), use.usage().cachedTokens());
        fields.putTokens(use.usage(), quote.price());
        surcharges().log(fields);
        ImageOrder images = use.images();
        if (images != null) {
            fields.put("image_count", images.count());
            fields.put("image_size", images.size());
            fields.put("image_quality", images.quality());
        }
        if (tiered != null) {
            tiered.log(fields);
        }
    }
}
