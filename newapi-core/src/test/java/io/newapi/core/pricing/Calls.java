package io.newapi.core.pricing;

import java.math.BigDecimal;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.DomainContextBase;

/** What the property tests draw from: ratios of every size, and usages that upstreams do and do not mean. */
class Calls extends DomainContextBase {

    static final String MODEL = "a-model";
    static final String GROUP = "a-group";

    @Provide
    Arbitrary<Ratio> ratios() {
        Arbitrary<String> everyday = Arbitraries.of("0", "1", "0.5", "0.1", "0.075", "1.25", "2.5", "15", "37.5");
        Arbitrary<String> shortestDoubles =
                Arbitraries.of("23.333333333333332", "0.0684931506849315", "1.643835616438356");
        Arbitrary<BigDecimal> any = Arbitraries.bigDecimals()
                .between(BigDecimal.ZERO, BigDecimal.valueOf(1000))
                .ofScale(9);
        return Arbitraries.oneOf(everyday.map(Ratio::parse), shortestDoubles.map(Ratio::parse), any.map(Ratio::of));
    }

    @Provide
    Arbitrary<BillingFormula> formulas() {
        Arbitrary<BigDecimal> ratio = ratios().map(Ratio::toBigDecimal);
        return Combinators.combine(ratio, ratio, ratio, ratio, ratio, ratio).as(BillingFormula::new);
    }

    @Provide
    Arbitrary<Usage> usages() {
        Arbitrary<Long> count = Arbitraries.oneOf(
                Arbitraries.just(0L),
                Arbitraries.longs().between(0, 10),
                Arbitraries.longs().between(0, 2_000_000));
        return Combinators.combine(
                        count, count, count, count, count, count, count, Arbitraries.of(UsageSemantics.class))
                .as((in, out, cached, written, fiveMinutes, oneHour, image, semantics) ->
                        new Usage(in, out, cached, written, fiveMinutes, oneHour, image, 0, semantics));
    }

    /** The quote of a book that knows nothing but the ratios of {@code formula}. */
    static Quote quote(BillingFormula formula) {
        return quote(PriceBook.builder()
                .withModelRatios(Map.of(MODEL, Ratio.of(formula.modelRatio())))
                .withCompletionRatios(Map.of(MODEL, Ratio.of(formula.completionRatio())))
                .withCacheRatios(Map.of(MODEL, Ratio.of(formula.cacheRatio())))
                .withCacheWriteRatios(Map.of(MODEL, Ratio.of(formula.cacheWriteRatio())))
                .withImageRatios(Map.of(MODEL, Ratio.of(formula.imageRatio())))
                .withGroupRatios(Map.of(GROUP, Ratio.of(formula.groupRatio())))
                .build());
    }

    /** The quote for the model and the group that all of these tests use. */
    static Quote quote(PriceBook prices) {
        return prices.quote(MODEL, GROUP, GROUP, false).match(quote -> quote, unpriced -> {
            throw new AssertionError("unpriced: " + unpriced);
        });
    }
}
