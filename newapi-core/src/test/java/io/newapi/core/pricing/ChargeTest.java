package io.newapi.core.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.newapi.core.quota.Quota;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChargeTest {

    private static final Usage CLAUDE_CALL = Usage.of(100, 10)
            .withCachedTokens(1000)
            .withCacheWriteTokens(60)
            .withCacheWriteSplit(30, 20)
            .withSemantics(UsageSemantics.ANTHROPIC);

    @Test
    void aPlainCallLogsItsRatiosAndThatThereIsNoPriceAndNoSpecialRatio() {
        Charge charge =
                quote("gpt-4o", "default", "default").charge(Usage.of(1000, 500).withCachedTokens(200));

        assertThat(charge.other())
                .containsExactlyEntriesOf(ordered(
                        "model_ratio", new BigDecimal("1.25"),
                        "group_ratio", BigDecimal.ONE,
                        "completion_ratio", new BigDecimal("4"),
                        "cache_tokens", 200L,
                        "cache_ratio", new BigDecimal("0.5"),
                        "model_price", new BigDecimal("-1"),
                        "user_group_ratio", new BigDecimal("-1")));
    }

    @Test
    void aCallWithCacheWritesLogsEachKindWithItsRatio() {
        Charge charge = quote("claude-3-5-sonnet-20241022", "vip", "edit_this").charge(CLAUDE_CALL);

        assertThat(charge.other())
                .containsExactlyEntriesOf(ordered(
                        "model_ratio", new BigDecimal("1.5"),
                        "group_ratio", new BigDecimal("0.9"),
                        "completion_ratio", new BigDecimal("5"),
                        "cache_tokens", 1000L,
                        "cache_ratio", new BigDecimal("0.1"),
                        "model_price", new BigDecimal("-1"),
                        "user_group_ratio", new BigDecimal("0.9"),
                        "cache_creation_tokens", 60L,
                        "cache_creation_ratio", new BigDecimal("1.25"),
                        "cache_creation_tokens_5m", 30L,
                        "cache_creation_ratio_5m", new BigDecimal("1.25"),
                        "cache_creation_tokens_1h", 20L,
                        "cache_creation_ratio_1h", new BigDecimal("2"),
                        "usage_semantic", "anthropic",
                        "input_tokens_total", 1160L,
                        "cache_write_tokens", 60L));
    }

    @Test
    void aCallWithImagesLogsThemUnderTheEstablishedKeys() {
        Charge charge = quote("gpt-image-1", "default", "default")
                .charge(Usage.of(100, 10).withImageTokens(60));

        assertThat(charge.other())
                .containsEntry("image", true)
                .containsEntry("image_ratio", new BigDecimal("2"))
                .containsEntry("image_output", 60L)
                .doesNotContainKey("base_clamped");
    }

    @Test
    void aCallPricedAsAWholeLogsThePriceAndZeroRatios() {
        Charge charge =
                quote("dall-e-3", "default", "default").charge(Usage.of(1, 0).withCachedTokens(5));

        assertThat(charge.other())
                .containsExactlyEntriesOf(ordered(
                        "model_ratio", BigDecimal.ZERO,
                        "group_ratio", BigDecimal.ONE,
                        "completion_ratio", BigDecimal.ZERO,
                        "cache_tokens", 5L,
                        "cache_ratio", BigDecimal.ZERO,
                        "model_price", new BigDecimal("0.04"),
                        "user_group_ratio", new BigDecimal("-1")));
    }

    @Test
    void aPromptSmallerThanItsPartsIsFlagged() {
        Charge charge =
                quote("gpt-4o", "default", "default").charge(Usage.of(10, 0).withCachedTokens(11));

        assertThat(charge.baseClamped()).isTrue();
        assertThat(charge.other()).containsEntry("base_clamped", true);
        assertThat(charge.quota()).isEqualTo(Quota.of(7)); // 11 x 0.5 x 1.25 = 6.875
    }

    @Test
    void aPromptThatIsAllCachedIsNotFlagged() {
        Charge charge =
                quote("gpt-4o", "default", "default").charge(Usage.of(11, 0).withCachedTokens(11));

        assertThat(charge.baseClamped()).isFalse();
    }

    @Test
    void aBillIsExplainedLineByLine() {
        Charge charge = quote("claude-3-5-sonnet-20241022", "vip", "edit_this").charge(CLAUDE_CALL);

        assertThat(charge.explain()).isEqualTo("""
                        claude-3-5-sonnet-20241022
                          prompt tokens: 100 x 1.5 (model ratio) x 0.9 (group ratio) = 135
                          cached tokens: 1000 x 0.1 (cache ratio) x 1.5 (model ratio) x 0.9 (group ratio) = 135
                          cache write tokens: 10 x 1.25 (cache write ratio) x 1.5 (model ratio) x 0.9 (group ratio) = 16.875
                          5-minute cache write tokens: 30 x 1.25 (cache write ratio) x 1.5 (model ratio) x 0.9 (group ratio) = 50.625
                          1-hour cache write tokens: 20 x 1.25 (cache write ratio) x 1.6 (one hour) x 1.5 (model ratio) x 0.9 (group ratio) = 54
                          completion tokens: 10 x 5 (completion ratio) x 1.5 (model ratio) x 0.9 (group ratio) = 67.5
                          sum 459: charged 459""");
    }

    @Test
    void theExplanationSaysWhyTheChargeIsNotTheSum() {
        Quote mini = quote("gpt-4o-mini", "default", "default");

        assertThat(mini.charge(Usage.of(20, 0)).explain()).endsWith("  sum 1.5: charged 2, rounded");
        assertThat(mini.charge(Usage.of(1, 0)).explain()).endsWith("  sum 0.075: charged 1, the minimum");
        assertThat(mini.charge(Usage.of(8, 0)).explain()).endsWith("  sum 0.6: charged 1, rounded");
        assertThat(mini.charge(Usage.of(0, 0)).explain()).isEqualTo("gpt-4o-mini\n  no tokens used: charged 0");
        assertThat(quote("glm-4-flash", "default", "default")
                        .charge(Usage.of(9, 9))
                        .explain())
                .endsWith("  free: charged 0");
        assertThat(mini.charge(Usage.of(1, 0).withImageTokens(2)).explain())
                .contains("  cached, written and image tokens exceed the prompt: no plain prompt tokens are charged\n");
        assertThat(quote("dall-e-3", "default", "default")
                        .charge(Usage.of(1, 0))
                        .explain())
                .contains("  call: 1 x 0.04 (price in USD) x 500000 (quota per USD) x 1 (group ratio) = 20000\n");
    }

    @Test
    void aChargeThatSixtyFourBitsCannotHoldIsNeverCutDown() {
        Quote dear = PriceBook.builder()
                .withModelRatios(Map.of("dear", Ratio.of(1024)))
                .build()
                .quote("dear", "default", "default", false)
                .match(quote -> quote, unpriced -> {
                    throw new AssertionError(unpriced);
                });

        // 2^10 x (2^53 - 1) = 2^63 - 1024 fits; one more prompt's worth of output does not.
        assertThat(dear.charge(Usage.of(Usage.MAX_COUNT, 0)).quota()).isEqualTo(Quota.of(Long.MAX_VALUE - 1023));
        assertThatExceptionOfType(AmountOverflowException.class)
                .isThrownBy(() -> dear.charge(Usage.of(Usage.MAX_COUNT, 1)))
                .withMessage("quota of 9223372036854775808 units exceeds 64 bits")
                .satisfies(e -> assertThat(e.amount()).isEqualByComparingTo(new BigDecimal(2).pow(63)));
    }

    private static Quote quote(String model, String userGroup, String usingGroup) {
        return PriceBook.shipped().quote(model, userGroup, usingGroup, false).match(quote -> quote, unpriced -> {
            throw new AssertionError("unpriced: " + unpriced);
        });
    }

    private static Map<String, Object> ordered(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }
}
