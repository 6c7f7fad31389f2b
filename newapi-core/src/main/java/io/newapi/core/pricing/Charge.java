package io.newapi.core.pricing;

import io.newapi.core.pricing.Price.ByRatio;
import io.newapi.core.quota.Quota;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one call costs, and why: the amount, the lines that it is the sum of, and what a log row says of it. Immutable. */
public final class Charge {

    private static final Quota MINIMUM = Quota.of(1);

    /** How a log row writes "there is none" for a price or a special group ratio. */
    private static final BigDecimal NONE = BigDecimal.ONE.negate();

    /** What a log row says of token ratios when the call was not priced by them. */
    private static final ByRatio NO_RATIOS = new ByRatio(Ratio.ZERO, Ratio.ZERO, Ratio.ZERO, Ratio.ZERO, Ratio.ZERO);

    private final Quote quote;
    private final Usage usage;
    private final List<ChargeLine> lines;
    private final BigDecimal exact;
    private final Quota quota;

    Charge(Quote quote, Usage usage, List<ChargeLine> lines) {
        this.quote = quote;
        this.usage = usage;
        this.lines = List.copyOf(lines);
        this.exact = lines.stream().map(ChargeLine::exact).reduce(BigDecimal.ZERO, BigDecimal::add);
        Quota rounded = Rounding.toQuota(exact);
        this.quota = usage.isZero() || quote.free() ? rounded : rounded.max(MINIMUM);
    }

    /** The amount to settle. */
    public Quota quota() {
        return quota;
    }

    /** The sum of the lines, in quota units, before it is rounded and before the minimum. */
    public BigDecimal exact() {
        return exact;
    }

    /** What the charge is the sum of, one line for each kind of thing that was used; empty if nothing was. */
    public List<ChargeLine> lines() {
        return lines;
    }

    /**
     * Whether the upstream counted more cached, written and image tokens than the prompt that includes them, so that no
     * plain prompt token was left to charge.
     */
    public boolean baseClamped() {
        return usage.plainPromptTokens() < 0 && quote.price().match(byRatio -> true, perCall -> false);
    }

    /**
     * What a log row's {@code other} says of the price, in a fixed order. Values are {@link Long}, {@link BigDecimal},
     * {@link Boolean} or {@link String}. Token ratios are 0 when the call was priced as a whole; {@code model_price} is
     * -1 when it was not, {@code user_group_ratio} when no special ratio applied.
     */
    public Map<String, Object> other() {
        ByRatio ratios = quote.price().match(byRatio -> byRatio, perCall -> NO_RATIOS);
        Map<String, Object> other = new LinkedHashMap<>();
        other.put("model_ratio", ratios.modelRatio().toBigDecimal());
        other.put("group_ratio", quote.groupRatio().ratio().toBigDecimal());
        other.put("completion_ratio", ratios.completionRatio().toBigDecimal());
        other.put("cache_tokens", usage.cachedTokens());
        other.put("cache_ratio", ratios.cacheRatio().toBigDecimal());
        other.put(
                "model_price",
                quote.price()
                        .match(byRatio -> NONE, perCall -> perCall.priceUsd().toBigDecimal()));
        other.put("user_group_ratio", quote.groupRatio().match(standard -> NONE, Ratio::toBigDecimal));
        putCacheWrites(other, ratios.cacheWriteRatio().toBigDecimal());
        if (usage.imageTokens() != 0) {
            other.put("image", true);
            other.put("image_ratio", ratios.imageRatio().toBigDecimal());
            // The established key says output; it has always held the image tokens of the input.
            other.put("image_output", usage.imageTokens());
        }
        if (usage.semantics() == UsageSemantics.ANTHROPIC) {
            other.put("usage_semantic", usage.semantics().code());
        }
        if (baseClamped()) {
            other.put("base_clamped", true);
        }
        return Collections.unmodifiableMap(other);
    }

    private void putCacheWrites(Map<String, Object> other, BigDecimal cacheWriteRatio) {
        if (usage.writtenTokens() != 0) {
            other.put("cache_creation_tokens", usage.writtenTokens());
            other.put("cache_creation_ratio", cacheWriteRatio);
        }
        if (usage.cacheWrite5mTokens() != 0) {
            other.put("cache_creation_tokens_5m", usage.cacheWrite5mTokens());
            other.put("cache_creation_ratio_5m", cacheWriteRatio);
        }
        if (usage.cacheWrite1hTokens() != 0) {
            other.put("cache_creation_tokens_1h", usage.cacheWrite1hTokens());
            other.put(
                    "cache_creation_ratio_1h", Ratio.plain(cacheWriteRatio.multiply(ByRatio.ONE_HOUR.toBigDecimal())));
        }
    }

    /** The charge in words and equations, one line each, for people. */
    public String explain() {
        StringBuilder text = new StringBuilder(quote.model()).append('\n');
        for (ChargeLine line : lines) {
            text.append("  ").append(line).append('\n');
        }
        if (baseClamped()) {
            text.append("  cached, written and image tokens exceed the prompt: no plain prompt tokens are charged\n");
        }
        return text.append("  ").append(conclusion()).toString();
    }

    private String conclusion() {
        if (usage.isZero()) {
            return "no tokens used: charged 0";
        }
        if (quote.free()) {
            return "free: charged 0";
        }
        String charged = "sum " + Ratio.plain(exact).toPlainString() + ": charged " + quota;
        if (exact.compareTo(BigDecimal.valueOf(quota.units())) == 0) {
            return charged;
        }
        return charged + (Rounding.toQuota(exact).equals(quota) ? ", rounded" : ", the minimum");
    }

    @Override
    public String toString() {
        return "Charge[" + quote.model() + ", " + quota + "]";
    }
}
