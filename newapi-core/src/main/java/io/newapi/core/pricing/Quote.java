package io.newapi.core.pricing;

import io.newapi.core.pricing.ChargeLine.Factor;
import io.newapi.core.pricing.Price.ByRatio;
import io.newapi.core.pricing.Price.PerCall;
import io.newapi.core.quota.Quota;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * The terms of one call: the price of its model and the ratio of its group, as they were when the price book was asked.
 * It says what to reserve before the call, and what to charge after it.
 *
 * <p>Immutable. Terms do not follow later changes of the prices; a call that moves to another group is quoted again.
 */
public final class Quote {

    private final String model;
    private final Price price;
    private final GroupRatio groupRatio;
    private final Ratio quotaPerUnit;
    private final long preConsumedTokens;

    Quote(String model, Price price, GroupRatio groupRatio, Ratio quotaPerUnit, long preConsumedTokens) {
        this.model = model;
        this.price = price;
        this.groupRatio = groupRatio;
        this.quotaPerUnit = quotaPerUnit;
        this.preConsumedTokens = preConsumedTokens;
    }

    /** The model's name as it was requested. */
    public String model() {
        return model;
    }

    /** The model's price, before the group's ratio. */
    public Price price() {
        return price;
    }

    /** What the group multiplies it by. */
    public GroupRatio groupRatio() {
        return groupRatio;
    }

    /** Whether the tokens of this call cost nothing, however many: the group's ratio or the model's price is 0. */
    public boolean free() {
        return groupRatio.ratio().isZero() || price.isZero();
    }

    /**
     * What to hold before the call. By ratio, that is the input tokens (the estimate, but at least the price book's
     * {@code preConsumedTokens}) plus the most that the call may write, all at the model's plain ratio; per call, it is
     * the price. Exact, rounded once, half up; it may be 0.
     *
     * @param estimatedPromptTokens the estimated input, 0 or more
     * @param maxCompletionTokens the most output tokens that the client asked for, 0 if it named no limit
     * @throws IllegalArgumentException if a count is negative
     * @throws AmountOverflowException if the amount exceeds 64 bits: the call must be refused
     */
    public Quota reservation(long estimatedPromptTokens, long maxCompletionTokens) {
        requireNotNegative("estimatedPromptTokens", estimatedPromptTokens);
        requireNotNegative("maxCompletionTokens", maxCompletionTokens);
        BigDecimal inputTokens = BigDecimal.valueOf(Math.max(estimatedPromptTokens, preConsumedTokens));
        BigDecimal beforeGroup = price.match(
                byRatio -> inputTokens
                        .add(BigDecimal.valueOf(maxCompletionTokens))
                        .multiply(byRatio.modelRatio().toBigDecimal()),
                perCall -> perCall.priceUsd().toBigDecimal().multiply(quotaPerUnit.toBigDecimal()));
        return Rounding.toQuota(beforeGroup.multiply(groupRatio.ratio().toBigDecimal()));
    }

    /**
     * What the call costs: the sum of its lines, exact, rounded once, half up.
     *
     * <ul>
     *   <li>A call without any token is free, at whatever price.
     *   <li>A call that used tokens costs at least 1, unless it is {@link #free()}.
     *   <li>Where cached, written and image tokens together exceed the prompt that includes them, no plain prompt token
     *       is left to charge; those tokens are still charged at their own ratios, and the charge says so.
     * </ul>
     *
     * @throws AmountOverflowException if the amount exceeds 64 bits
     */
    public Charge charge(Usage usage) {
        List<ChargeLine> lines = usage.isZero()
                ? List.of()
                : price.match(byRatio -> tokenLines(byRatio, usage), perCall -> List.of(callLine(perCall)));
        return new Charge(this, usage, lines);
    }

    private List<ChargeLine> tokenLines(ByRatio byRatio, Usage usage) {
        Factor cacheWrite = new Factor("cache write ratio", byRatio.cacheWriteRatio());
        List<ChargeLine> lines = new ArrayList<>();
        addTokens(lines, byRatio, "prompt tokens", Math.max(0, usage.plainPromptTokens()));
        addTokens(
                lines, byRatio, "cached tokens", usage.cachedTokens(), new Factor("cache ratio", byRatio.cacheRatio()));
        addTokens(lines, byRatio, "cache write tokens", usage.unsplitWriteTokens(), cacheWrite);
        addTokens(lines, byRatio, "5-minute cache write tokens", usage.cacheWrite5mTokens(), cacheWrite);
        addTokens(
                lines,
                byRatio,
                "1-hour cache write tokens",
                usage.cacheWrite1hTokens(),
                cacheWrite,
                new Factor("one hour", ByRatio.ONE_HOUR));
        addTokens(
                lines,
                byRatio,
                "image input tokens",
                usage.imageTokens(),
                new Factor("image ratio", byRatio.imageRatio()));
        addTokens(
                lines,
                byRatio,
                "completion tokens",
                usage.completionTokens(),
                new Factor("completion ratio", byRatio.completionRatio()));
        return lines;
    }

    private void addTokens(List<ChargeLine> lines, ByRatio byRatio, String what, long count, Factor... ofItsKind) {
        if (count == 0) {
            return;
        }
        List<Factor> factors = new ArrayList<>(List.of(ofItsKind));
        factors.add(new Factor("model ratio", byRatio.modelRatio()));
        factors.add(groupFactor());
        lines.add(new ChargeLine(what, count, factors));
    }

    private ChargeLine callLine(PerCall perCall) {
        return new ChargeLine(
                "call",
                1,
                List.of(
                        new Factor("price in USD", perCall.priceUsd()),
                        new Factor("quota per USD", quotaPerUnit),
                        groupFactor()));
    }

    private Factor groupFactor() {
        return new Factor("group ratio", groupRatio.ratio());
    }

    private static void requireNotNegative(String name, long count) {
        if (count < 0) {
            throw new IllegalArgumentException(name + " must not be negative: " + count);
        }
    }

    @Override
    public String toString() {
        return "Quote[" + model + ", " + price + ", " + groupRatio + "]";
    }
}
