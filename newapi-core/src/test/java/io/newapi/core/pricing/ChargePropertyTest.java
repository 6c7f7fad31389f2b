package io.newapi.core.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/** What holds for every price and every usage. */
@Domain(Calls.class)
@Domain(DomainContext.Global.class)
class ChargePropertyTest {

    @Property
    void everyChargeIsWhatTheFormulaSays(@ForAll BillingFormula formula, @ForAll Usage usage) {
        Charge charge = Calls.quote(formula).charge(usage);

        assertThat(charge.exact()).isEqualByComparingTo(formula.exact(usage));
        assertThat(BigDecimal.valueOf(charge.quota().units())).isEqualByComparingTo(formula.quota(usage));
    }

    @Property
    void everyReservationIsWhatTheFormulaSays(
            @ForAll BillingFormula formula,
            @ForAll @LongRange(min = 0, max = 2_000_000) long estimate,
            @ForAll @LongRange(min = 0, max = 2_000_000) long limit) {
        BigDecimal expected = BigDecimal.valueOf(Math.max(estimate, 500) + limit)
                .multiply(formula.modelRatio())
                .multiply(formula.groupRatio())
                .setScale(0, RoundingMode.HALF_UP);

        assertThat(Calls.quote(formula).reservation(estimate, limit).units()).isEqualTo(expected.longValueExact());
    }

    @Property
    void everyCallPriceIsThePriceTimesTheUnitTimesTheGroup(
            @ForAll Ratio priceUsd, @ForAll Ratio group, @ForAll Usage usage) {
        Quote quote = Calls.quote(PriceBook.builder()
                .withModelPrices(Map.of(Calls.MODEL, priceUsd))
                .withGroupRatios(Map.of(Calls.GROUP, group))
                .build());
        BigDecimal rounded = priceUsd.toBigDecimal()
                .multiply(BigDecimal.valueOf(500_000))
                .multiply(group.toBigDecimal())
                .setScale(0, RoundingMode.HALF_UP);
        boolean free = priceUsd.isZero() || group.isZero();
        BigDecimal charged = usage.isZero() || free ? BigDecimal.ZERO : rounded.max(BigDecimal.ONE);

        assertThat(quote.charge(usage).quota().units()).isEqualTo(charged.longValueExact());
        assertThat(quote.reservation(usage.promptTokens(), usage.completionTokens())
                        .units())
                .isEqualTo(rounded.longValueExact());
    }

    @Property
    void theLinesSumToTheChargeBeforeRounding(@ForAll BillingFormula formula, @ForAll Usage usage) {
        Charge charge = Calls.quote(formula).charge(usage);

        BigDecimal sum = BigDecimal.ZERO;
        for (ChargeLine line : charge.lines()) {
            sum = sum.add(new BigDecimal(line.subtotal()));
        }
        assertThat(sum).isEqualByComparingTo(charge.exact());
        assertThat(charge.exact()
                        .subtract(BigDecimal.valueOf(charge.quota().units()))
                        .abs())
                .as("distance of %s to %s", charge.exact(), charge.quota())
                .isLessThanOrEqualTo(BigDecimal.ONE);
    }

    @Property
    void usingMoreOfAnythingNeverCostsLess(
            @ForAll BillingFormula formula, @ForAll Usage usage, @ForAll @LongRange(min = 1, max = 5_000) long more) {
        Quote quote = Calls.quote(formula);
        long before = quote.charge(usage).quota().units();

        for (UnaryOperator<Usage> growth : growths(usage.semantics(), more)) {
            Usage grown = growth.apply(usage);
            assertThat(quote.charge(grown).quota().units()).as("%s", grown).isGreaterThanOrEqualTo(before);
        }
    }

    /** Each kind of token by itself; what a prompt includes grows the prompt too. */
    private static List<UnaryOperator<Usage>> growths(UsageSemantics semantics, long more) {
        long inPrompt = semantics == UsageSemantics.OPENAI ? more : 0;
        return List.of(
                usage -> grown(usage, more, 0),
                usage -> grown(usage, 0, more),
                usage -> grown(usage, inPrompt, 0).withCachedTokens(usage.cachedTokens() + more),
                usage -> grown(usage, inPrompt, 0).withCacheWriteTokens(usage.writtenTokens() + more),
                usage -> grown(usage, inPrompt, 0)
                        .withCacheWriteTokens(usage.writtenTokens() + more)
                        .withCacheWriteSplit(usage.cacheWrite5mTokens() + more, usage.cacheWrite1hTokens()),
                usage -> grown(usage, inPrompt, 0)
                        .withCacheWriteTokens(usage.writtenTokens() + more)
                        .withCacheWriteSplit(usage.cacheWrite5mTokens(), usage.cacheWrite1hTokens() + more),
                usage -> grown(usage, more, 0).withImageTokens(usage.imageTokens() + more),
                usage -> grown(usage, more, 0).withAudioTokens(usage.audioTokens() + more));
    }

    private static Usage grown(Usage usage, long prompt, long completion) {
        return new Usage(
                usage.promptTokens() + prompt,
                usage.completionTokens() + completion,
                usage.cachedTokens(),
                usage.cacheWriteTokens(),
                usage.cacheWrite5mTokens(),
                usage.cacheWrite1hTokens(),
                usage.imageTokens(),
                usage.audioTokens(),
                usage.semantics());
    }

    @Property
    void anAskForMoreNeverReservesLess(
            @ForAll BillingFormula formula,
            @ForAll @LongRange(min = 0, max = 10_000) long estimate,
            @ForAll @LongRange(min = 0, max = 10_000) long limit) {
        Quote quote = Calls.quote(formula);
        long reserved = quote.reservation(estimate, limit).units();

        assertThat(quote.reservation(estimate + 1, limit).units()).isGreaterThanOrEqualTo(reserved);
        assertThat(quote.reservation(estimate, limit + 1).units()).isGreaterThanOrEqualTo(reserved);
    }

    @Property(tries = 200)
    void theOrderInWhichATableIsFilledDoesNotMatter(@ForAll Map<String, Ratio> table) {
        TreeMap<String, Ratio> reversed = new TreeMap<>(Comparator.reverseOrder());
        reversed.putAll(table);

        PriceBook one = PriceBook.builder().withModelRatios(table).build();
        PriceBook other = PriceBook.builder().withModelRatios(reversed).build();

        assertThat(List.copyOf(one.modelRatios().entrySet()))
                .isEqualTo(List.copyOf(other.modelRatios().entrySet()))
                .isEqualTo(List.copyOf(new TreeMap<>(table).entrySet()));
    }

    @Property
    void everyRatioReadsBackFromItsText(@ForAll Ratio ratio) {
        assertThat(Ratio.parse(ratio.toString())).isEqualTo(ratio);
    }
}
