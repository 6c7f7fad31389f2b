package io.newapi.core.pricing;

import io.newapi.core.pricing.ChargeLine.Factor;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The terms of a task: an image, a video or a song that is made while nobody waits. It has one price, which is held before it
 * is submitted and charged when it is accepted. Immutable.
 */
public final class TaskQuote {

    private static final BigDecimal HALF = new BigDecimal("0.5");

    private final String model;
    private final @Nullable Ratio priceUsd;
    private final @Nullable Ratio modelRatio;
    private final GroupRatio groupRatio;
    private final Ratio quotaPerUnit;

    TaskQuote(
            String model,
            @Nullable Ratio priceUsd,
            @Nullable Ratio modelRatio,
            GroupRatio groupRatio,
            Ratio quotaPerUnit) {
        this.model = model;
        this.priceUsd = priceUsd;
        this.modelRatio = modelRatio;
        this.groupRatio = groupRatio;
        this.quotaPerUnit = quotaPerUnit;
    }

    /** The requested name. */
    public String model() {
        return model;
    }

    /** What the group multiplies the price by. */
    public GroupRatio groupRatio() {
        return groupRatio;
    }

    /**
     * What the task costs, and what to hold for it: its price, or half its ratio in USD where it has no price; times every
     * other ratio, exact, rounded once.
     *
     * @throws AmountOverflowException if the amount exceeds 64 bits: the task must be refused
     */
    public Charge charge(OtherRatios others) {
        Lines lines = lines();
        if (priceUsd != null) {
            lines.priced("task", 1, new Factor("price in USD", priceUsd));
        } else if (modelRatio != null) {
            lines.priced("task", 1, new Factor("model ratio", modelRatio), new Factor("USD for ratio 1", HALF));
        }
        boolean free = priceUsd == null ? modelRatio == null || modelRatio.isZero() : priceUsd.isZero();
        return charge(lines, free, others);
    }

    /**
     * What a task costs whose upstream counted tokens in the end. Tasks are recalculated at the ratio of their group, so ask
     * for the terms of that group in itself.
     *
     * @param totalTokens as the upstream counted
     * @param others the ratios that it was charged with
     * @return empty if the first charge stands: there are no tokens, or no ratio above 0 for them
     * @throws AmountOverflowException if the amount exceeds 64 bits
     */
    public Optional<Charge> recalculated(long totalTokens, OtherRatios others) {
        Usage.requireCount("totalTokens", totalTokens);
        if (totalTokens == 0 || modelRatio == null || modelRatio.isZero()) {
            return Optional.empty();
        }
        Lines lines = lines();
        lines.tokens("tokens", totalTokens, modelRatio);
        return Optional.of(charge(lines, false, others));
    }

    private Lines lines() {
        return new Lines(groupRatio, quotaPerUnit);
    }

    private Charge charge(Lines lines, boolean free, OtherRatios others) {
        others.factors().forEach(lines::times);
        return Charge.summing(
                new TaskBill(this, lines.toList(), free || groupRatio.ratio().isZero(), others));
    }

    private record TaskBill(TaskQuote quote, List<ChargeLine> lines, boolean free, OtherRatios others) implements Bill {

        @Override
        public String model() {
            return quote.model;
        }

        @Override
        public boolean nothingUsed() {
            return false;
        }

        @Override
        public boolean baseClamped() {
            return false;
        }

        @Override
        public List<String> remarks() {
            return List.of();
        }

        @Override
        public void log(LogFields fields) {
            fields.flag("is_task");
            if (quote.priceUsd != null) {
                fields.put("model_price", quote.priceUsd);
            } else if (quote.modelRatio != null) {
                fields.put("model_ratio", quote.modelRatio);
            }
            fields.put("group_ratio", quote.groupRatio.ratio());
            fields.putSpecialIfAny(quote.groupRatio);
            others.byName().forEach(fields::put);
        }
    }
}
