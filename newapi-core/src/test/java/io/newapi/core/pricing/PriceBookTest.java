package io.newapi.core.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PriceBookTest {

    private static final Ratio TWO = Ratio.of(2);

    @Test
    void aModelWithARatioIsPricedByItAndByTheDefaultsOfWhatIsNotConfigured() {
        PriceBook book = PriceBook.builder().withModelRatios(Map.of("m", TWO)).build();

        assertThat(priceOf(book, "m"))
                .isEqualTo(new Price.ByRatio(
                        TWO, Ratio.ONE, Ratio.ONE, Ratio.parse("1.25"), Ratio.ONE, AudioPrice.LIKE_TEXT));
    }

    @Test
    void aPriceGoesBeforeARatioEvenIfItIsZero() {
        PriceBook book = PriceBook.builder()
                .withModelRatios(Map.of("m", TWO))
                .withModelPrices(Map.of("m", Ratio.ZERO))
                .build();

        assertThat(priceOf(book, "m")).isEqualTo(new Price.PerCall(Ratio.ZERO));
    }

    @Test
    void cacheAndImageRatiosGoByTheRequestedNameAndModelRatiosByTheFamily() {
        PriceBook book = PriceBook.builder()
                .withModelRatios(Map.of("gemini-2.5-pro-thinking-*", TWO))
                .withCacheRatios(Map.of("gemini-2.5-pro-thinking-*", Ratio.of(7), "gemini-2.5-pro-thinking-1", TWO))
                .withCacheWriteRatios(Map.of("gemini-2.5-pro-thinking-1", Ratio.of(3)))
                .withImageRatios(Map.of("gemini-2.5-pro-thinking-1", Ratio.of(4)))
                .build();

        assertThat(priceOf(book, "gemini-2.5-pro-thinking-1"))
                .isEqualTo(new Price.ByRatio(TWO, Ratio.of(8), TWO, Ratio.of(3), Ratio.of(4), AudioPrice.LIKE_TEXT));
        assertThat(priceOf(book, "gemini-2.5-pro-thinking-2"))
                .isEqualTo(new Price.ByRatio(
                        TWO, Ratio.of(8), Ratio.ONE, Ratio.parse("1.25"), Ratio.ONE, AudioPrice.LIKE_TEXT));
    }

    @Test
    void aNameThatOnlyEndsInThinkingIsItsOwnEntry() {
        assertThat(BillingName.of("gemini-2.5-pro-thinking")).isEqualTo("gemini-2.5-pro-thinking");
        assertThat(BillingName.of("gemini-2.5-pro-x-thinking-9")).isEqualTo("gemini-2.5-pro-thinking-*");
        assertThat(BillingName.of("gemini-2.5-flash-lite-preview-thinking-9"))
                .isEqualTo("gemini-2.5-flash-lite-thinking-*");
        assertThat(BillingName.of("gemini-3-pro-thinking-9")).isEqualTo("gemini-3-pro-thinking-9");
    }

    @Test
    void theCompactWildcardStandsInInEachTableByItself() {
        PriceBook book = PriceBook.builder()
                .withModelRatios(Map.of("a-openai-compact", TWO, "*-openai-compact", Ratio.of(5)))
                .build();

        assertThat(modelRatio(book, "a-openai-compact")).isEqualTo(TWO);
        assertThat(modelRatio(book, "b-openai-compact")).isEqualTo(Ratio.of(5));
        assertThat(book.quote("openai-compact", "g", "g", false))
                .isEqualTo(new QuoteOutcome.Unpriced("openai-compact"));

        PriceBook withPrice = book.toBuilder()
                .withModelPrices(Map.of("*-openai-compact", Ratio.ONE))
                .build();

        assertThat(priceOf(withPrice, "a-openai-compact")).isEqualTo(new Price.PerCall(Ratio.ONE));
    }

    @Test
    void aModelWithoutPriceIsRefusedUnderTheNameThatWasAskedFor() {
        assertThat(PriceBook.shipped().quote("gemini-2.5-flash-lite-thinking-1", "default", "default", false))
                .isEqualTo(new QuoteOutcome.Unpriced("gemini-2.5-flash-lite-thinking-1"));
    }

    @Test
    void aSpecialRatioIsForThePairOnly() {
        PriceBook book = PriceBook.builder()
                .withGroupRatios(Map.of("a", TWO, "b", Ratio.of(3)))
                .withGroupGroupRatios(Map.of("a", Map.of("b", Ratio.ZERO)))
                .build();

        assertThat(book.groupRatio("a", "b")).isEqualTo(new GroupRatio.Special(Ratio.ZERO));
        assertThat(book.groupRatio("a", "a")).isEqualTo(new GroupRatio.Standard(TWO));
        assertThat(book.groupRatio("b", "b")).isEqualTo(new GroupRatio.Standard(Ratio.of(3)));
        assertThat(book.groupRatio("a", "unknown")).isEqualTo(new GroupRatio.Standard(Ratio.ONE));
        assertThat(book.groups()).containsExactly("a", "b");
    }

    @Test
    void aTableReplacesTheOneBeforeAsAWhole() {
        PriceBook book = PriceBook.shipped().toBuilder()
                .withModelRatios(Map.of("m", TWO))
                .build();

        assertThat(book.modelRatios()).containsExactly(Map.entry("m", TWO));
        assertThat(book.modelPrices()).isEqualTo(PriceBook.shipped().modelPrices());
    }

    @Test
    void aRebuiltBookKeepsWhatWasNotChanged() {
        PriceBook book = PriceBook.shipped().toBuilder()
                .withQuotaPerUnit(new BigDecimal("1000.5"))
                .withPreConsumedTokens(7)
                .withUnpricedAllowed(true)
                .withCompletionRatiosUnlocked(true)
                .build();
        PriceBook again = book.toBuilder().build();

        assertThat(again).usingRecursiveComparison().isEqualTo(book);
        assertThat(again.quotaPerUnit()).isEqualTo(Ratio.parse("1000.5"));
        assertThat(again.preConsumedTokens()).isEqualTo(7);
        assertThat(again.unpricedAllowed()).isTrue();
        assertThat(again.completionRatiosUnlocked()).isTrue();
    }

    @Test
    void aBookDoesNotFollowTheTablesItWasBuiltFrom() {
        Map<String, Ratio> table = new HashMap<>(Map.of("m", TWO));
        Map<String, Ratio> inner = new HashMap<>(Map.of("b", TWO));
        PriceBook book = PriceBook.builder()
                .withModelRatios(table)
                .withGroupGroupRatios(Map.of("a", inner))
                .build();
        table.clear();
        inner.clear();

        assertThat(book.modelRatios()).containsKey("m");
        assertThat(book.groupRatio("a", "b")).isEqualTo(new GroupRatio.Special(TWO));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> book.modelRatios().clear());
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(
                        () -> book.groupGroupRatios().values().iterator().next().clear());
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        PriceBook.Builder builder = PriceBook.builder();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.withQuotaPerUnit(0))
                .withMessage("quota per USD must be above 0: 0");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.withQuotaPerUnit(new BigDecimal("-0.5")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.withPreConsumedTokens(-1))
                .withMessage("preConsumedTokens must not be negative: -1");
    }

    private static Price priceOf(PriceBook book, String model) {
        return book.quote(model, "default", "default", false).match(Quote::price, unpriced -> {
            throw new AssertionError("unpriced: " + unpriced);
        });
    }

    private static Ratio modelRatio(PriceBook book, String model) {
        return priceOf(book, model).match(Price.ByRatio::modelRatio, perCall -> fail(model), tiered -> fail(model));
    }

    private static Ratio fail(String model) {
        throw new AssertionError("not priced by ratio: " + model);
    }
}
