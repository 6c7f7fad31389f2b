package io.newapi.core.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whole numbers and decimals are two ways to one quota, and nobody can tell which was taken. */
class QuickPathPropertyTest {

    /** A usage of any size, and ratios that whole numbers can and cannot hold. */
    record Case(Usage usage, List<BigDecimal> ratios, boolean separateAudio) {}

    @Provide
    Arbitrary<Case> cases() {
        Arbitrary<Long> count = Arbitraries.oneOf(
                Arbitraries.longs().between(0, 20),
                Arbitraries.longs().between(0, 10_000_000),
                Arbitraries.longs().between(Usage.MAX_COUNT - 5, Usage.MAX_COUNT));
        Arbitrary<BigDecimal> ratio = Arbitraries.oneOf(
                Arbitraries.of("0", "1", "0.5", "1.25", "23.333333333333332", "0.0684931506849315", "37.5")
                        .map(BigDecimal::new),
                Arbitraries.bigDecimals()
                        .between(BigDecimal.ZERO, BigDecimal.TEN)
                        .ofScale(3),
                Arbitraries.bigDecimals()
                        .between(BigDecimal.ZERO, BigDecimal.ONE)
                        .ofScale(20));
        Arbitrary<Usage> usage = Combinators.combine(
                        count, count, count, count, count, count, count, Arbitraries.of(UsageSemantics.class))
                .as((in, out, cached, written, fiveMinutes, image, audio, semantics) ->
                        new Usage(in, out, cached, written, fiveMinutes, 3, image, audio, semantics));
        return Combinators.combine(usage, ratio.list().ofSize(6), Arbitraries.of(true, false))
                .as(Case::new);
    }

    @Property(tries = 20_000)
    void theQuickWayAndTheLinesGiveTheSameQuota(@ForAll("cases") Case one) {
        Quote quote = quote(one);
        CallBill bill = new CallBill(quote, CallUse.of(one.usage()), null);
        String byLines = outcome(() -> Charge.summing(bill).quota().units());

        assertThat(outcome(() -> quote.quotaOf(one.usage()))).isEqualTo(byLines);
        assertThat(outcome(() -> quote.charge(one.usage()).quota().units())).isEqualTo(byLines);
    }

    private interface Amount {
        long units();
    }

    private static String outcome(Amount amount) {
        try {
            return Long.toString(amount.units());
        } catch (AmountOverflowException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static Quote quote(Case one) {
        String model = one.separateAudio() ? "gemini-2.0-flash-x" : Calls.MODEL;
        return PriceBook.builder()
                .withModelRatios(Map.of(model, ratio(one, 0)))
                .withCompletionRatios(Map.of(model, ratio(one, 1)))
                .withCacheRatios(Map.of(model, ratio(one, 2)))
                .withCacheWriteRatios(Map.of(model, ratio(one, 3)))
                .withImageRatios(Map.of(model, ratio(one, 4)))
                .withGroupRatios(Map.of(Calls.GROUP, ratio(one, 5)))
                .build()
                .quote(model, Calls.GROUP, Calls.GROUP, false)
                .match(quote -> quote, unpriced -> {
                    throw new AssertionError("unpriced: " + unpriced);
                });
    }

    private static Ratio ratio(Case one, int index) {
        return Ratio.of(one.ratios().get(index));
    }
}
