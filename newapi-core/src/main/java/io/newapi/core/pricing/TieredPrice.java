package io.newapi.core.pricing;

import io.newapi.core.pricing.ChargeLine.Factor;
import io.newapi.core.pricing.expression.Circumstances;
import io.newapi.core.pricing.expression.EvaluationException;
import io.newapi.core.pricing.expression.Expression;
import io.newapi.core.pricing.expression.Quantities;
import io.newapi.core.pricing.expression.Variable;
import io.newapi.core.quota.Quota;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an expression came to for a call. Below zero it counts as 0; where it has no value, the call costs what was held
 * for it.
 */
final class TieredPrice {

    private final Expression expression;
    private final Quantities quantities;
    private final boolean clamped;
    private final Expression.@Nullable Result result;
    private final @Nullable EvaluationException failure;
    private final Quota fallback;

    private TieredPrice(
            Expression expression,
            Counted counted,
            Expression.@Nullable Result result,
            @Nullable EvaluationException failure,
            Quota fallback) {
        this.expression = expression;
        this.quantities = counted.quantities;
        this.clamped = counted.clamped;
        this.result = result;
        this.failure = failure;
        this.fallback = fallback;
    }

    /** @throws EvaluationException if the expression has no value for this call */
    static TieredPrice of(Expression expression, CallUse use, Circumstances circumstances) {
        Counted counted = Counted.of(expression, use);
        Expression.Result result = expression.evaluate(counted.quantities, circumstances);
        return new TieredPrice(expression, counted, result, null, Quota.ZERO);
    }

    /** The same, but where the expression has no value the call costs {@code fallback}. */
    static TieredPrice of(Expression expression, CallUse use, Circumstances circumstances, Quota fallback) {
        try {
            return of(expression, use, circumstances);
        } catch (EvaluationException e) {
            return new TieredPrice(expression, Counted.of(expression, use), null, e, fallback);
        }
    }

    /** What the call would cost before the group's ratio, in USD for a million. */
    static BigDecimal estimate(
            Expression expression, long promptTokens, long completionTokens, Circumstances circumstances) {
        Quantities quantities = Quantities.of(
                Map.of(Variable.P, promptTokens, Variable.LEN, promptTokens, Variable.C, completionTokens));
        return expression.evaluate(quantities, circumstances).value().max(BigDecimal.ZERO);
    }

    /** Whether the expression came to nothing, which is a price of 0. */
    boolean isZero() {
        return result != null && result.value().signum() <= 0;
    }

    boolean clamped() {
        return clamped;
    }

    void addTo(Lines lines) {
        if (result == null) {
            lines.amount("held for the call", fallback.units());
        } else if (result.value().signum() > 0) {
            lines.pricedByMillion("expression", 1, new Factor("USD per million", result.value()));
        }
    }

    List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        remarks.add("expression of " + quantities);
        if (failure != null) {
            remarks.add("the expression has no value (" + failure.getMessage() + "): charged is what was held");
        } else if (result != null && result.value().signum() < 0) {
            remarks.add("the expression is below zero (" + result.value().toPlainString() + "): counted as 0");
        }
        if (result != null && !result.tier().isEmpty()) {
            remarks.add("tier " + result.tier());
        }
        return remarks;
    }

    void log(LogFields fields) {
        fields.put("billing_mode", "tiered_expr");
        fields.put(
                "expr_b64", Base64.getEncoder().encodeToString(expression.text().getBytes(StandardCharsets.UTF_8)));
        if (result != null && !result.tier().isEmpty()) {
            fields.put("matched_tier", result.tier());
        }
        if (result != null && result.value().signum() < 0) {
            fields.flag("expr_below_zero");
        }
        if (failure != null) {
            fields.put("expr_failure", String.valueOf(failure.getMessage()));
        }
    }

    /**
     * The counts of a call as an expression sees them.
     *
     * @param quantities the counts
     * @param clamped whether the parts of the prompt exceeded it
     */
    private record Counted(Quantities quantities, boolean clamped) {

        static Counted of(Expression expression, CallUse use) {
            Usage usage = use.usage();
            Map<Variable, Long> counts = new EnumMap<>(Variable.class);
            counts.put(Variable.CR, usage.cachedTokens());
            counts.put(Variable.CC, usage.writtenTokens() - usage.cacheWrite1hTokens());
            counts.put(Variable.CC1H, usage.cacheWrite1hTokens());
            counts.put(Variable.IMG, usage.imageTokens());
            counts.put(Variable.AI, usage.audioTokens());
            counts.put(Variable.IMG_O, use.output().imageTokens());
            counts.put(Variable.AO, use.output().audioTokens());
            long prompt = usage.promptTokens();
            long completion = usage.completionTokens();
            if (usage.semantics() == UsageSemantics.OPENAI) {
                counts.put(Variable.LEN, prompt);
                prompt -= named(expression, counts, Variable.CR, Variable.CC, Variable.CC1H, Variable.IMG, Variable.AI);
                completion -= named(expression, counts, Variable.IMG_O, Variable.AO);
            } else {
                counts.put(Variable.LEN, prompt + usage.cachedTokens() + usage.writtenTokens());
            }
            counts.put(Variable.P, Math.max(0, prompt));
            counts.put(Variable.C, Math.max(0, completion));
            return new Counted(Quantities.of(counts), prompt < 0);
        }

        /** What the expression prices by names of their own, and so must not be priced with the whole again. */
        private static long named(Expression expression, Map<Variable, Long> counts, Variable... parts) {
            long sum = 0;
            for (Variable part : parts) {
                sum += expression.mentions(part) ? counts.getOrDefault(part, 0L) : 0;
            }
            return sum;
        }
    }
}
