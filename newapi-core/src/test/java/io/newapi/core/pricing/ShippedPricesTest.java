package io.newapi.core.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ShippedPricesTest {

    private static final PriceBook BOOK = PriceBook.shipped();

    @Test
    void everyTableIsComplete() {
        assertThat(BOOK.modelRatios()).hasSize(252);
        assertThat(BOOK.modelPrices()).hasSize(31);
        assertThat(BOOK.completionRatios()).hasSize(4);
        assertThat(BOOK.cacheRatios()).hasSize(73);
        assertThat(BOOK.cacheWriteRatios()).hasSize(42);
        assertThat(BOOK.imageRatios()).hasSize(1);
        assertThat(BOOK.groupRatios()).hasSize(3);
        assertThat(BOOK.groupGroupRatios()).hasSize(1);
    }

    @Test
    void pricesAreTheDecimalsOfTheTables() {
        assertThat(BOOK.modelRatios())
                .containsEntry("360GPT_S2_V9", Ratio.parse("0.8572"))
                .containsEntry("gpt-4o", Ratio.parse("1.25"))
                .containsEntry("ERNIE-Tiny-8K", Ratio.parse("0.0684931506849315"))
                .containsEntry("zai-org/GLM-4.5-FP8", Ratio.parse("0.8"))
                .containsEntry("o1-pro", Ratio.of(75))
                .containsEntry("glm-4-flash", Ratio.ZERO);
        assertThat(BOOK.modelPrices())
                .containsEntry("dall-e-3", Ratio.parse("0.04"))
                .containsEntry("mj_inpaint", Ratio.ZERO)
                .containsEntry("veo-3.1-generate-preview", Ratio.parse("0.4"));
        assertThat(BOOK.completionRatios()).containsEntry("gpt-image-1", Ratio.of(8));
        assertThat(BOOK.cacheRatios())
                .containsEntry("deepseek-chat", Ratio.parse("0.25"))
                .containsEntry("gpt-4", Ratio.parse("0.5"));
        assertThat(BOOK.cacheWriteRatios()).containsEntry("gpt-5.6-terra", Ratio.parse("1.25"));
        assertThat(BOOK.imageRatios()).containsEntry("gpt-image-1", Ratio.of(2));
        assertThat(BOOK.groupRatios()).isEqualTo(Map.of("default", Ratio.ONE, "vip", Ratio.ONE, "svip", Ratio.ONE));
        assertThat(BOOK.groupGroupRatios()).isEqualTo(Map.of("vip", Map.of("edit_this", Ratio.parse("0.9"))));
    }

    @Test
    void settingsAreTheDefaults() {
        assertThat(BOOK.quotaPerUnit())
                .isEqualTo(PriceBook.DEFAULT_QUOTA_PER_UNIT)
                .isEqualTo(Ratio.of(500_000));
        assertThat(BOOK.preConsumedTokens())
                .isEqualTo(PriceBook.DEFAULT_PRE_CONSUMED_TOKENS)
                .isEqualTo(500);
        assertThat(BOOK.unpricedAllowed()).isFalse();
        assertThat(BOOK.completionRatiosUnlocked()).isFalse();
    }

    @Test
    void theBookIsReadOnce() {
        assertThat(PriceBook.shipped()).isSameAs(BOOK);
    }

    @Test
    void whatLooksWrongInTheShippedPricesIsKeptAndNamed() {
        assertThat(BOOK.suspiciousDefaults())
                .contains(
                        "ModelRatio entry gemini-2.5-flash-lite-preview-thinking-* is never used:"
                                + " such models are looked up as gemini-2.5-flash-lite-thinking-*",
                        "ModelRatio of llama-3-sonar-large-32k-chat is 0, so it is free; 0.5 was probably meant",
                        "ModelRatio of llama-3-sonar-large-32k-online is 0, so it is free; 0.5 was probably meant",
                        "CompletionRatio of gpt-4.1 is 2; its provider charges output at 4 times the input",
                        "CompletionRatio of o4-mini is 1; its provider charges output at 4 times the input")
                .hasSize(13);
    }

    @Test
    void anIgnoredCompletionRatioIsNamedUntilItIsUnlocked() {
        PriceBook book = PriceBook.builder()
                .withCompletionRatios(Map.of("o3", Ratio.of(8), "o1", Ratio.of(4), "gpt-4o", Ratio.of(9)))
                .build();

        assertThat(book.suspiciousDefaults())
                .containsExactly("CompletionRatio of o3 is set to 8 but ignored: its family is locked at 4");
        assertThat(book.toBuilder().withCompletionRatiosUnlocked(true).build().suspiciousDefaults())
                .isEmpty();
    }

    @Test
    void whatAnAdministratorCorrectedIsNoLongerNamed() {
        PriceBook corrected = PriceBook.builder()
                .withModelRatios(Map.of(
                        "llama-3-sonar-large-32k-chat",
                        Ratio.parse("0.5"),
                        "gpt-4.1",
                        Ratio.ONE,
                        "glm-4-flash",
                        Ratio.ZERO))
                .withCompletionRatios(Map.of("gpt-4.1", Ratio.of(4)))
                .build();

        assertThat(corrected.suspiciousDefaults()).isEmpty();
    }
}
