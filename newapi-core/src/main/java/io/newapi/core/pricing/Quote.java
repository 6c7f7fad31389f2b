package io.newapi.core.pricing;

import io.newapi.core.pricing.Price.ByRatio;
import io.newapi.core.pricing.Price.PerCall;
import io.newapi.core.pricing.Price.Tiered;
import io.newapi.core.pricing.expression.Circumstances;
import io.newapi.core.pricing.expression.RequestFacts;
import io.newapi.core.quota.Quota;
import java.math.BigDecimal;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The terms of one call: the price of its model and the ratio of its group, as they were when the price book was asked.
 * It says what to reserve before the call, and what to charge after it.
 *
 * <p>Immutable. Terms do not follow later changes of the prices; a call that moves to another group is quoted again.
 *
 * <p>Every amount is exact and rounded once. Tokens at everyday ratios are multiplied as whole numbers of 64 bits and summed
 * in 128; what does not fit is computed in decimals of any size, to the same quota.
 */
public final class Quote {

    /** Completion tokens that a reservation by expression counts with when the client names no limit. */
    private static final long DEFAULT_COMPLETION_TOKENS = 8192;

    private static final BigDecimal ONE_MILLIONTH = new BigDecimal("0.000001");

    private final String model;
    private final Price price;
    private final GroupRatio groupRatio;
    private final PriceTerms terms;
    private final Circumstances circumstances;

    /** With the group's ratio; null where they cannot be held. */
    private final @Nullable Rates rates;

    Quote(String model, ModelTerms ofModel, GroupRatio groupRatio, PriceTerms terms) {
        this(
                model,
                ofModel.price(),
                ofModel.rates() == null ? null : ofModel.rates().times(groupRatio.ratio()),
                groupRatio,
                terms,
                terms.circumstances());
    }

    private Quote(
            String model,
            Price price,
            @Nullable Rates rates,
            GroupRatio groupRatio,
            PriceTerms terms,
            Circumstances circumstances) {
        this.model = model;
        this.price = price;
        this.rates = rates;
        this.groupRatio = groupRatio;
        this.terms = terms;
        this.circumstances = circumstances;
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

    PriceTerms terms() {
        return terms;
    }

    /** Whether audio input of this model is charged beside the prompt, at a price of its own. */
    boolean hasSeparateAudio() {
        return !GeminiAudio.usdPerMillion(model).isZero();
    }

    /** The same terms, for a request that a price expression can ask, at the times that {@code clock} tells. */
    public Quote forRequest(RequestFacts request, InstantSource clock) {
        if (!(price instanceof Tiered)) {
            return this;
        }
        Circumstances known = new Circumstances(request, clock, circumstances.zone());
        return new Quote(model, price, rates, groupRatio, terms, known);
    }

    /** The same terms, for a request that a price expression can ask. */
    public Quote forRequest(RequestFacts request) {
        return forRequest(request, circumstances.clock());
    }

    /**
     * Whether the tokens of this call cost nothing, however many: the group's ratio or the model's price is 0. What is
     * charged beside tokens is free only by the group's ratio.
     */
    public boolean free() {
        return groupRatio.ratio().isZero() || price.isZero();
    }

    /**
     * What to hold before the call. By ratio, that is the input tokens (the estimate, but at least the price book's
     * {@code preConsumedTokens}) plus the most that the call may write, all at the model's plain ratio; per call, it is
     * the price; by expression, what it comes to for the estimate and the most that the call may write (8192 where the
     * client names no limit). Exact, rounded once, half up; it may be 0.
     *
     * @param estimatedPromptTokens the estimated input, 0 or more
     * @param maxCompletionTokens the most output tokens that the client asked for, 0 if it named no limit
     * @throws IllegalArgumentException if a count is negative
     * @throws AmountOverflowException if the amount exceeds 64 bits: the call must be refused
     * @throws io.newapi.core.pricing.expression.EvaluationException if the model's expression has no value: likewise
     */
    public Quota reservation(long estimatedPromptTokens, long maxCompletionTokens) {
        requireNotNegative("estimatedPromptTokens", estimatedPromptTokens);
        requireNotNegative("maxCompletionTokens", maxCompletionTokens);
        return price.match(
                byRatio -> ofPlainTokens(
                        byRatio, Math.max(estimatedPromptTokens, terms.preConsumedTokens()), maxCompletionTokens),
                perCall -> Rounding.toQuota(inQuota(perCall.priceUsd().toBigDecimal())),
                tiered -> ofEstimate(tiered, estimatedPromptTokens, maxCompletionTokens));
    }

    /**
     * What to hold before a call for images: at a price per call, the price of all of them; else as for other calls, of
     * {@link ImageOrder#TOKENS_PER_IMAGE} completion tokens.
     *
     * @throws AmountOverflowException if the amount exceeds 64 bits: the call must be refused
     * @throws io.newapi.core.pricing.expression.EvaluationException if the model's expression has no value: likewise
     */
    public Quota reservation(long estimatedPromptTokens, ImageOrder images) {
        requireNotNegative("estimatedPromptTokens", estimatedPromptTokens);
        if (price instanceof PerCall perCall) {
            BigDecimal usd = perCall.priceUsd()
                    .toBigDecimal()
                    .multiply(images.sizeRatio(model).toBigDecimal())
                    .multiply(images.qualityRatio(model).toBigDecimal())
                    .multiply(BigDecimal.valueOf(images.count()));
            return Rounding.toQuota(inQuota(usd));
        }
        return reservation(estimatedPromptTokens, ImageOrder.TOKENS_PER_IMAGE);
    }

    private Quota ofPlainTokens(ByRatio byRatio, long promptTokens, long completionTokens) {
        long tokens = promptTokens + completionTokens;
        if (rates != null && tokens >= 0 && tokens <= Usage.MAX_COUNT) {
            long units = rates.quotaOfPlain(tokens);
            if (units != Rounding.TOO_LARGE) {
                return Quota.of(units);
            }
        }
        return Rounding.toQuota(BigDecimal.valueOf(promptTokens)
                .add(BigDecimal.valueOf(completionTokens))
                .multiply(byRatio.modelRatio().toBigDecimal())
                .multiply(groupRatio.ratio().toBigDecimal()));
    }

    private Quota ofEstimate(Tiered tiered, long promptTokens, long completionTokens) {
        boolean unlimited = completionTokens == 0 && !groupRatio.ratio().isZero();
        BigDecimal usd = TieredPrice.estimate(
                tiered.expression(),
                promptTokens,
                unlimited ? DEFAULT_COMPLETION_TOKENS : completionTokens,
                circumstances);
        return Rounding.toQuota(inQuota(usd.multiply(ONE_MILLIONTH)));
    }

    private BigDecimal inQuota(BigDecimal usd) {
        return usd.multiply(terms.quotaPerUnit().toBigDecimal())
                .multiply(groupRatio.ratio().toBigDecimal());
    }

    /**
     * What the call costs: the sum of its lines, exact, rounded once, half up.
     *
     * <ul>
     *   <li>A call without any token is free, at whatever price.
     *   <li>A call that used tokens costs at least 1, unless it is {@link #free()}.
     *   <li>Where the parts of a prompt together exceed the prompt that includes them, no plain prompt token is left to
     *       charge; those tokens are still charged at their own ratios, and the charge says so.
     * </ul>
     *
     * @throws AmountOverflowException if the amount exceeds 64 bits
     * @throws io.newapi.core.pricing.expression.EvaluationException if the model's expression has no value
     */
    public Charge charge(Usage usage) {
        return charge(CallUse.of(usage));
    }

    /**
     * What the call costs with everything that is charged beside its tokens: as {@link #charge(Usage)}, and calls of tools
     * and, at a price per call, the number of images.
     */
    public Charge charge(CallUse used) {
        CallUse use = counted(used);
        if (price instanceof Tiered tiered) {
            return Charge.summing(new CallBill(this, use, TieredPrice.of(tiered.expression(), use, circumstances)));
        }
        CallBill bill = new CallBill(this, use, null);
        if (use.isTokensOnly()) {
            long units = quickly(use.usage());
            if (units != Rounding.TOO_LARGE) {
                return Charge.of(bill, units);
            }
        }
        return Charge.summing(bill);
    }

    /**
     * The same where the model's expression may fail: it then costs {@code held}, and tools as ever.
     *
     * @param held what was reserved for the call, or what its reservation would have been if nothing was
     * @throws AmountOverflowException if the amount exceeds 64 bits
     */
    public Charge charge(CallUse used, Quota held) {
        if (price instanceof Tiered tiered) {
            return Charge.summing(
                    new CallBill(this, used, TieredPrice.of(tiered.expression(), used, circumstances, held)));
        }
        return charge(used);
    }

    /** At a price per call, images whose upstream counted nothing count for a token each, so that the price applies. */
    private CallUse counted(CallUse use) {
        ImageOrder images = use.images();
        return images != null && price instanceof PerCall && use.usage().isZero()
                ? use.withUsage(use.usage().withPromptTokens(images.count()))
                : use;
    }

    /**
     * The quota units of {@link #charge(Usage)}, and nothing else.
     *
     * @throws AmountOverflowException if the amount exceeds 64 bits
     * @throws io.newapi.core.pricing.expression.EvaluationException if the model's expression has no value
     */
    public long quotaOf(Usage usage) {
        long units = quickly(usage);
        return units != Rounding.TOO_LARGE ? units : charge(usage).quota().units();
    }

    /** The quota units, or {@link Rounding#TOO_LARGE} if they take decimals to find. */
    private long quickly(Usage usage) {
        if (rates == null) {
            return Rounding.TOO_LARGE;
        }
        if (usage.isZero()) {
            return 0;
        }
        long rounded = price instanceof PerCall ? rates.quotaOfCall(usage.audioTokens()) : rates.quota(usage);
        return Charge.withMinimum(rounded, false, free());
    }

    /**
     * What a call costs that tells audio from text in both directions, rounded once for all of it.
     *
     * @param use the totals, and what is charged beside tokens
     * @param details what was told apart; what it leaves out of the totals is text. Null if nothing was told apart: then,
     *     and for models not priced by ratio, the call costs what {@link #charge(CallUse)} says
     * @throws AmountOverflowException if the amount exceeds 64 bits
     * @throws io.newapi.core.pricing.expression.EvaluationException if the model's expression has no value
     */
    public Charge chargeAudio(AudioCall kind, CallUse use, @Nullable AudioUsage details) {
        if (details == null) {
            return charge(use);
        }
        Usage usage = use.usage();
        AudioUsage whole = details.within(usage.promptTokens(), usage.completionTokens());
        if (price instanceof ByRatio byRatio) {
            return Charge.summing(new AudioBill(this, byRatio, use, whole, kind));
        }
        Usage parts = usage.withPromptTokens(whole.textInput() + whole.audioInput())
                .withCompletionTokens(whole.textOutput() + whole.audioOutput());
        return price instanceof PerCall
                ? charge(use.withUsage(parts.withPromptTokens(Math.max(parts.promptTokens(), usage.audioTokens()))
                        .withAudioTokens(0)))
                : charge(use.withUsage(parts.withAudioTokens(whole.audioInput()))
                        .withOutput(new OutputTokens(use.output().imageTokens(), whole.audioOutput())));
    }

    /**
     * What to write down for an administrator's test of a channel, which nobody pays: the price without any group's ratio,
     * and without what cached, written, image and audio tokens are priced apart.
     *
     * @throws AmountOverflowException if the amount exceeds 64 bits
     * @throws io.newapi.core.pricing.expression.EvaluationException if the model's expression has no value
     */
    public Quota channelTest(Usage usage) {
        BigDecimal exact = price.match(
                byRatio -> BigDecimal.valueOf(usage.completionTokens())
                        .multiply(byRatio.completionRatio().toBigDecimal())
                        .add(BigDecimal.valueOf(usage.promptTokens()))
                        .multiply(byRatio.modelRatio().toBigDecimal()),
                perCall -> perCall.priceUsd()
                        .toBigDecimal()
                        .multiply(terms.quotaPerUnit().toBigDecimal()),
                tiered -> TieredPrice.estimate(
                                tiered.expression(), usage.promptTokens(), usage.completionTokens(), circumstances)
                        .multiply(ONE_MILLIONTH)
                        .multiply(terms.quotaPerUnit().toBigDecimal()));
        long rounded = Rounding.toQuota(exact).units();
        return Quota.of(Charge.withMinimum(rounded, false, isFreeOfTest(exact)));
    }

    /** By ratio and per call only a price of 0 is free; an expression that comes to nothing is one. */
    private boolean isFreeOfTest(BigDecimal exact) {
        return price instanceof Tiered ? exact.signum() == 0 : price.isZero();
    }

    /**
     * What OpenRouter's usage of an Anthropic model means: its prompt count without the cache, and the cache writes that its
     * cost tells. Usage that is not counted as Anthropic does is returned as it is.
     *
     * @param costUsd what the upstream says the call cost, null if it does not say
     */
    public Usage openRouterUsage(Usage usage, @Nullable Ratio costUsd) {
        return OpenRouterUsage.corrected(this, usage, costUsd);
    }

    /** The provider's fine for the content of this call, which is charged after its reservation is released. */
    public Quota violationFee(ViolationFee fee) {
        return fee.quota(terms.quotaPerUnit(), groupRatio);
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
