package io.newapi.core.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.newapi.core.pricing.expression.EvaluationException;
import io.newapi.core.pricing.expression.Expression;
import io.newapi.core.pricing.expression.RequestFacts;
import io.newapi.core.pricing.expression.Value;
import io.newapi.core.quota.Quota;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Charges of every kind say how they came about, to people and in log rows. */
class ChargeExplanationTest {

    private static final BigDecimal NONE = new BigDecimal("-1");

    @Test
    void toolsAreLinesOfTheirOwnAndLoggedUnderTheEstablishedKeys() {
        Charge charge = quote("gpt-4o")
                .charge(CallUse.of(Usage.of(1000, 0))
                        .withTools(List.of(
                                new ToolUse(ToolUse.WEB_SEARCH_PREVIEW, 2),
                                new ToolUse(ToolUse.FILE_SEARCH, 1),
                                new ToolUse(ToolUse.GOOGLE_SEARCH, 0)))
                        .withImageCalls(
                                List.of(new ImageCall("low", "1024x1024"), new ImageCall("high", "1024x1536"))));

        assertThat(charge.explain()).isEqualTo("""
                gpt-4o
                  prompt tokens: 1000 x 1.25 (model ratio) x 1 (group ratio) = 1250
                  web_search_preview calls: 2 x 25 (USD per 1000) x 0.001 (for one) x 500000 (quota per USD) x 1 (group ratio) = 25000
                  file_search calls: 1 x 2.5 (USD per 1000) x 0.001 (for one) x 500000 (quota per USD) x 1 (group ratio) = 1250
                  image_generation_call: 1 x 0.011 (price in USD) x 500000 (quota per USD) x 1 (group ratio) = 5500
                  image_generation_call: 1 x 0.25 (price in USD) x 500000 (quota per USD) x 1 (group ratio) = 125000
                  sum 158000: charged 158000""");
        assertThat(charge.other())
                .containsEntry("web_search", true)
                .containsEntry("web_search_call_count", 2L)
                .containsEntry("web_search_price", new BigDecimal("25"))
                .containsEntry("file_search", true)
                .containsEntry("file_search_call_count", 1L)
                .containsEntry("file_search_price", new BigDecimal("2.5"))
                .containsEntry("image_generation_call", true)
                .containsEntry("image_generation_call_price", new BigDecimal("0.011"))
                .containsEntry("image_generation_call_count", 2L)
                .doesNotContainKeys("google_search", "web_search_preview");
    }

    @Test
    void twoKindsOfWebSearchDoNotHideEachOther() {
        Charge charge = quote("gpt-5")
                .charge(CallUse.of(Usage.of(1, 0))
                        .withTools(List.of(
                                new ToolUse(ToolUse.WEB_SEARCH, 1), new ToolUse(ToolUse.WEB_SEARCH_PREVIEW, 3))));

        assertThat(charge.other())
                .containsEntry("web_search_call_count", 1L)
                .containsEntry("web_search_preview_call_count", 3L);
    }

    @Test
    void separatelyPricedAudioKeepsTheSpellingThatReadersKnow() {
        Charge charge = quote("gemini-2.0-flash").charge(Usage.of(100, 0).withAudioTokens(40));

        assertThat(charge.explain())
                .contains(
                        "  audio input tokens: 40 x 0.7 (USD per million) x 0.000001 (for one) x 500000 (quota per USD)");
        assertThat(charge.other())
                .containsEntry("audio_input_seperate_price", true)
                .containsEntry("audio_input_token_count", 40L)
                .containsEntry("audio_input_price", new BigDecimal("0.7"));
        assertThat(quote("gpt-4o").charge(Usage.of(100, 0).withAudioTokens(40)).other())
                .doesNotContainKey("audio_input_seperate_price");
        assertThat(quote("gemini-2.0-flash")
                        .charge(Usage.of(10, 0).withAudioTokens(11))
                        .baseClamped())
                .isTrue();
    }

    @Test
    void audioChatAndRealtimeLogWhatWasToldApart() {
        AudioUsage details = new AudioUsage(10, 20, 30, 40);
        CallUse use = CallUse.of(Usage.of(30, 70)).withTools(List.of(new ToolUse(ToolUse.WEB_SEARCH, 1)));
        Charge chat = quote("gpt-4o-audio-preview").chargeAudio(AudioCall.CHAT, use, details);

        assertThat(chat.other())
                .containsEntry("audio", true)
                .containsEntry("text_input", 10L)
                .containsEntry("audio_input", 20L)
                .containsEntry("text_output", 30L)
                .containsEntry("audio_output", 40L)
                .containsEntry("audio_ratio", new BigDecimal("16"))
                .containsEntry("audio_completion_ratio", BigDecimal.ONE)
                .containsEntry("web_search", true)
                .doesNotContainKey("ws");
        assertThat(chat.explain())
                .contains(
                        "audio output tokens: 40 x 16 (audio ratio) x 1 (audio completion ratio) x 1.25 (model ratio)");
        assertThat(quote("gpt-4o-realtime-preview")
                        .chargeAudio(AudioCall.REALTIME, CallUse.of(Usage.of(0, 0)), details)
                        .other())
                .containsEntry("ws", true)
                .doesNotContainKey("audio");
    }

    @Test
    void turnsOfAConnectionAreSummedBeforeTheyArePriced() {
        AudioUsage turn = new AudioUsage(1, 0, 0, 0);
        Quote quote = quote("gpt-4o-mini-realtime-preview");
        AudioUsage two = AudioUsage.NONE.plus(turn).plus(turn);

        // 0.3 for a turn: each by itself would cost the minimum of 1, two of them cost 0.6
        assertThat(quote.chargeAudio(AudioCall.REALTIME, CallUse.of(Usage.of(0, 0)), two)
                        .quota())
                .isEqualTo(Quota.of(1));
    }

    @Test
    void imagesSayHowManyAndWhatOfThem() {
        Charge charge = quote("dall-e-3")
                .charge(CallUse.of(Usage.of(0, 0)).withImages(ImageOrder.of("dall-e-3", 3, "1024x1792", "hd")));

        assertThat(charge.explain()).isEqualTo("""
                dall-e-3
                  image: 1 x 0.04 (price in USD) x 2 (size) x 1.5 (quality) x 500000 (quota per USD) x 1 (group ratio) x 3 (images) = 180000
                  sum 180000: charged 180000""");
        assertThat(charge.other())
                .containsEntry("model_price", new BigDecimal("0.04"))
                .containsEntry("image_count", 3L)
                .containsEntry("image_size", "1024x1792")
                .containsEntry("image_quality", "hd");
    }

    @Test
    void tasksLogTheirOtherRatios() {
        Charge charge = PriceBook.shipped()
                .quoteTask("sora-2", "vip", "edit_this")
                .orElseThrow()
                .charge(OtherRatios.of(Map.of("seconds", Ratio.of(4), "size", Ratio.of(2), "nothing", Ratio.ZERO)));

        assertThat(charge.explain()).isEqualTo("""
                sora-2
                  task: 1 x 0.3 (price in USD) x 500000 (quota per USD) x 0.9 (group ratio) x 4 (seconds) x 2 (size) = 1080000
                  sum 1080000: charged 1080000""");
        assertThat(charge.other())
                .containsEntry("is_task", true)
                .containsEntry("model_price", new BigDecimal("0.3"))
                .containsEntry("group_ratio", new BigDecimal("0.9"))
                .containsEntry("user_group_ratio", new BigDecimal("0.9"))
                .containsEntry("seconds", new BigDecimal("4"))
                .doesNotContainKey("nothing");
        assertThat(PriceBook.shipped()
                        .quoteTask("sora-2", "default", "default")
                        .orElseThrow()
                        .charge(OtherRatios.none())
                        .other())
                .doesNotContainKey("user_group_ratio");
    }

    @Test
    void anExpressionLogsItsTextItsTierAndItsCounts() {
        Charge charge = tiered("tier('all', p + c * 2)").charge(Usage.of(1000, 10));

        assertThat(charge.explain()).isEqualTo("""
                m
                  expression: 1 x 1020 (USD per million) x 0.000001 (for one) x 500000 (quota per USD) x 1 (group ratio) = 510
                  expression of {P=1000, C=10, LEN=1000, CR=0, CC=0, CC1H=0, IMG=0, IMG_O=0, AI=0, AO=0}
                  tier all
                  sum 510: charged 510""");
        assertThat(charge.other())
                .containsEntry("billing_mode", "tiered_expr")
                .containsEntry("expr_b64", "dGllcignYWxsJywgcCArIGMgKiAyKQ==")
                .containsEntry("matched_tier", "all")
                .containsEntry("model_ratio", BigDecimal.ZERO)
                .containsEntry("model_price", NONE)
                .doesNotContainKeys("expr_below_zero", "expr_failure");
    }

    @Test
    void anExpressionBelowZeroCountsAsNothingAndTheRowSaysSo() {
        Charge charge = tiered("p - 100").charge(Usage.of(1, 0));

        assertThat(charge.quota()).isEqualTo(Quota.ZERO);
        assertThat(charge.other()).containsEntry("expr_below_zero", true);
        assertThat(charge.explain()).contains("below zero (-99): counted as 0").endsWith("free: charged 0");
    }

    @Test
    void anExpressionThatFailsCostsWhatWasHeldAndTheRowSaysWhy() {
        Quote quote = tiered("1 / (p - 1)");
        Charge charge = quote.charge(CallUse.of(Usage.of(1, 0)), Quota.of(77));

        assertThat(charge.quota()).isEqualTo(Quota.of(77));
        assertThat(charge.other()).containsEntry("expr_failure", "at character 3: division by zero");
        assertThatExceptionOfType(EvaluationException.class).isThrownBy(() -> quote.charge(Usage.of(1, 0)));
        assertThatExceptionOfType(EvaluationException.class).isThrownBy(() -> quote.reservation(1, 1));
    }

    @Test
    void anExpressionSeesTheRequestAndTheTimeThatTheQuoteIsBoundTo() {
        RequestFacts request = new RequestFacts() {
            @Override
            public Value param(String path) {
                return path.equals("speed") ? Value.of("fast") : Value.NIL;
            }

            @Override
            public String header(String name) {
                return "";
            }
        };
        InstantSource night = InstantSource.fixed(Instant.parse("2026-07-01T03:00:00Z"));
        Quote quote = tiered("param('speed') == 'fast' && hour('UTC') == 3 ? p * 4 : p");

        assertThat(quote.forRequest(request, night).quotaOf(Usage.of(1000, 0))).isEqualTo(2000);
        assertThat(quote.forRequest(RequestFacts.NONE, night).quotaOf(Usage.of(1000, 0)))
                .isEqualTo(500);
        assertThat(quote.forRequest(request).model()).isEqualTo("m");
    }

    @Test
    void aTieredModelWithoutExpressionIsSuspicious() {
        assertThat(PriceBook.builder().withTieredModels(Set.of("m")).build().suspiciousDefaults())
                .containsExactly("model m is to be priced by expression but has none: its calls are refused");
    }

    @Test
    void onlySomeErrorsAreFined() {
        assertThat(ViolationFee.appliesTo("... Failed check: SAFETY_CHECK_TYPE_X"))
                .isTrue();
        assertThat(ViolationFee.appliesTo("Content violates usage guidelines.")).isTrue();
        assertThat(ViolationFee.appliesTo("rate limited")).isFalse();
    }

    private static Quote quote(String model) {
        return PriceBook.shipped().quote(model, "default", "default", false).match(quote -> quote, unpriced -> {
            throw new AssertionError("unpriced: " + unpriced);
        });
    }

    private static Quote tiered(String expression) {
        return PriceBook.builder()
                .withTieredModels(Set.of("m"))
                .withExpressions(Map.of("m", Expression.parse(expression)))
                .build()
                .quote("m", "default", "default", false)
                .match(quote -> quote, unpriced -> {
                    throw new AssertionError("unpriced: " + unpriced);
                });
    }
}
