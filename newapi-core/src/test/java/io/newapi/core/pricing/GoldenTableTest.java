package io.newapi.core.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The billing manual as a table: calls, what they cost, and how that is worked out by hand. {@link WorkedCall} explains
 * the notation. Models with names of providers have their shipped prices; the others are in {@link #PRICES}.
 */
class GoldenTableTest {

    private static final PriceBook PRICES = prices();

    private static PriceBook prices() {
        PriceBook shipped = PriceBook.shipped();
        return shipped.toBuilder()
                .withModelRatios(with(
                        shipped.modelRatios(),
                        Map.of(
                                "mix", "2",
                                "half-a-unit", "0.5",
                                "no-charge", "0",
                                "vendor/claude-3-custom", "1",
                                "free-output", "1",
                                "gpt-5.4-nano", "0.1",
                                "*-openai-compact", "2",
                                "own-openai-compact", "3",
                                "both", "100")))
                .withModelPrices(with(
                        shipped.modelPrices(),
                        Map.of("half-a-quota", "0.000001", "a-quarter-quota", "0.0000005", "both", "0.02")))
                .withCompletionRatios(with(
                        shipped.completionRatios(),
                        Map.of("mix", "3", "o3", "10", "vendor/claude-3-custom", "7", "free-output", "0")))
                .withCacheRatios(with(shipped.cacheRatios(), Map.of("mix", "0.1")))
                .withCacheWriteRatios(with(shipped.cacheWriteRatios(), Map.of("claude-sonnet-4-20250514", "1.3")))
                .withImageRatios(with(shipped.imageRatios(), Map.of("mix", "5")))
                .withGroupRatios(with(
                        shipped.groupRatios(), Map.of("half", "0.5", "triple", "3", "gratis", "0", "tenth", "0.1")))
                .withGroupGroupRatios(Map.of(
                        "vip", Map.of("edit_this", Ratio.parse("0.9"), "gratis", Ratio.parse("0.8")),
                        "staff", Map.of("triple", Ratio.ZERO)))
                .build();
    }

    private static Map<String, Ratio> with(Map<String, Ratio> shipped, Map<String, String> more) {
        Map<String, Ratio> all = new HashMap<>(shipped);
        more.forEach((name, ratio) -> all.put(name, Ratio.parse(ratio)));
        return all;
    }

    @ParameterizedTest(name = "{0} | {1} | {2} -> {3}")
    @CsvSource(delimiter = '|', textBlock = """
        # Tokens: input x model ratio, output x completion ratio x model ratio.
        gpt-4o                                | default | in=1000 out=500    | 3750  | 1000 x 1.25 + 500 x 4 x 1.25 = 3750
        gpt-4o-mini                           | default | in=1000 out=1000   | 375   | 1000 x 0.075 + 1000 x 4 x 0.075 = 375
        gpt-4                                 | default | in=10 out=10       | 450   | 10 x 15 + 10 x 2 x 15 = 450
        deepseek-chat                         | default | in=1000 out=1000   | 270   | 1000 x 0.135 + 1000 x 1 x 0.135 = 270
        text-embedding-3-small                | default | in=1000            | 10    | 1000 x 0.01 = 10
        gpt-4o                                | default | out=8              | 40    | 8 x 4 x 1.25 = 40
        ERNIE-Speed-8K                        | default | in=1000 out=1000   | 822   | 1000 x 0.273972602739726 + 1000 x 2 x 0.273972602739726 = 821.917808219178
        gpt-4o                                | default | in=10 audio=4      | 13    | 10 x 1.25 = 12.5

        # Rounding: once, at the end, halves up.
        gpt-4o                                | default | in=1               | 1     | 1 x 1.25 = 1.25
        gpt-4o                                | default | in=2               | 3     | 2 x 1.25 = 2.5
        gpt-4o                                | default | in=6               | 8     | 6 x 1.25 = 7.5
        gpt-4o-mini                           | default | in=99              | 7     | 99 x 0.075 = 7.425
        gpt-4o-mini                           | default | in=100             | 8     | 100 x 0.075 = 7.5
        glm-4                                 | default | in=7               | 50    | 7 x 7.143 = 50.001
        half-a-unit                           | default | in=1 out=1         | 1     | 1 x 0.5 + 1 x 1 x 0.5 = 1
        half-a-unit                           | default | in=3               | 2     | 3 x 0.5 = 1.5
        o3-mini                               | tenth   | in=100 out=100     | 28    | (100 x 0.55 + 100 x 4 x 0.55) x 0.1 = 27.5

        # The minimum: tokens that are not free cost at least 1.
        text-embedding-004                    | default | in=1               | 1     | 1 x 0.001 = 0.001, minimum
        gpt-4o-mini                           | default | in=6               | 1     | 6 x 0.075 = 0.45, minimum
        free-output                           | default | out=50             | 1     | 50 x 0 x 1 = 0, minimum
        claude-3-haiku-20240307               | default | cached=1 anthropic | 1     | 1 x 0.1 x 0.125 = 0.0125, minimum
        gpt-4o-mini                           | default | in=0 out=0         | 0     | no tokens = 0

        # Zero ratios: free, whatever was used.
        glm-4-flash                           | default | in=1000 out=1000   | 0     | (1000 + 1000) x 0 = 0
        no-charge                             | triple  | in=1000 cached=5   | 0     | (995 + 5) x 0 x 3 = 0
        gpt-4o                                | gratis  | in=1000 out=1000   | 0     | (1000 x 1.25 + 1000 x 4 x 1.25) x 0 = 0
        dall-e-3                              | gratis  | in=1               | 0     | 0.04 x 500000 x 0 = 0
        mj_inpaint                            | default | in=1               | 0     | 0 x 500000 = 0
        llama-3-sonar-large-32k-chat          | default | in=1000            | 0     | 1000 x 0 = 0

        # Completion ratio by family.
        gpt-4o-2024-05-13                     | default | in=10 out=10       | 100   | 10 x 2.5 + 10 x 3 x 2.5 = 100
        gpt-4-turbo                           | default | in=10 out=10       | 200   | 10 x 5 + 10 x 3 x 5 = 200
        gpt-4.1                               | default | in=10 out=10       | 30    | 10 x 1 + 10 x 2 x 1 = 30
        gpt-5                                 | default | in=16 out=16       | 90    | 16 x 0.625 + 16 x 8 x 0.625 = 90
        gpt-5.5                               | default | in=10 out=10       | 175   | 10 x 2.5 + 10 x 6 x 2.5 = 175
        gpt-5.4-nano                          | default | in=100 out=100     | 73    | 100 x 0.1 + 100 x 6.25 x 0.1 = 72.5
        o1                                    | default | in=10 out=10       | 375   | 10 x 7.5 + 10 x 4 x 7.5 = 375
        o4-mini                               | default | in=100 out=100     | 110   | 100 x 0.55 + 100 x 1 x 0.55 = 110
        chatgpt-4o-latest                     | default | in=10 out=10       | 100   | 10 x 2.5 + 10 x 3 x 2.5 = 100
        claude-3-5-sonnet-20241022            | default | in=100 out=100     | 900   | 100 x 1.5 + 100 x 5 x 1.5 = 900
        claude-haiku-4-5-20251001             | default | in=100 out=100     | 300   | 100 x 0.5 + 100 x 5 x 0.5 = 300
        claude-2.1                            | default | in=10 out=10       | 80    | 10 x 4 + 10 x 1 x 4 = 80
        gemini-2.5-pro                        | default | in=8 out=8         | 45    | 8 x 0.625 + 8 x 8 x 0.625 = 45
        gemini-2.5-flash                      | default | in=1000 out=1000   | 1400  | 1000 x 0.15 + 1000 x 8.333333333333334 x 0.15 = 1400.0000000000001
        gemini-2.5-flash-preview-05-20        | default | in=1000 out=1000   | 1825  | 1000 x 0.075 + 1000 x 23.333333333333332 x 0.075 = 1824.9999999999999
        gemini-2.5-flash-preview-05-20-nothinking | default | in=1000 out=1000 | 375 | 1000 x 0.075 + 1000 x 4 x 0.075 = 375
        command-r-plus                        | default | in=10 out=10       | 90    | 10 x 1.5 + 10 x 5 x 1.5 = 90
        command-light                         | default | in=10 out=10       | 25    | 10 x 0.5 + 10 x 4 x 0.5 = 25
        gpt-image-1                           | default | in=10 out=10       | 225   | 10 x 2.5 + 10 x 8 x 2.5 = 225

        # Configured completion ratios: ignored in locked families, unless unlocked or of a vendor/model name.
        mix                                   | default | in=10 out=10       | 80    | 10 x 2 + 10 x 3 x 2 = 80
        o3                                    | default | in=10 out=10       | 50    | 10 x 1 + 10 x 4 x 1 = 50
        o3 unlocked                           | default | in=10 out=10       | 110   | 10 x 1 + 10 x 10 x 1 = 110
        o1 unlocked                           | default | in=10 out=10       | 375   | 10 x 7.5 + 10 x 4 x 7.5 = 375
        vendor/claude-3-custom                | default | in=10 out=10       | 80    | 10 x 1 + 10 x 7 x 1 = 80

        # Cache under OpenAI semantics: the prompt includes what was read and written.
        gpt-4o                                | default | in=1000 cached=800 | 750   | (200 + 800 x 0.5) x 1.25 = 750
        mix                                   | default | in=1000 out=10 cached=900 | 440 | (100 + 900 x 0.1 + 10 x 3) x 2 = 440
        glm-4                                 | default | in=10 cached=10    | 71    | 10 x 1 x 7.143 = 71.43
        gpt-5.6-sol                           | default | in=100 written=40  | 275   | (60 + 40 x 1.25) x 2.5 = 275
        mix                                   | default | in=100 cached=20 written=30 | 179 | (50 + 20 x 0.1 + 30 x 1.25) x 2 = 179
        mix                                   | default | in=100 5m=10 1h=10 | 225   | (80 + 10 x 1.25 + 10 x 1.25 x 1.6) x 2 = 225

        # Cache under Anthropic semantics: beside the prompt; one-hour writes cost 1.6 times the others.
        claude-3-5-sonnet-20241022            | default | in=100 cached=1000 anthropic | 300 | (100 + 1000 x 0.1) x 1.5 = 300
        claude-3-5-sonnet-20241022            | default | in=100 written=40 anthropic | 225 | (100 + 40 x 1.25) x 1.5 = 225
        claude-3-5-sonnet-20241022            | default | in=100 5m=40 anthropic | 225 | (100 + 40 x 1.25) x 1.5 = 225
        claude-3-5-sonnet-20241022            | default | in=100 1h=40 anthropic | 270 | (100 + 40 x 1.25 x 1.6) x 1.5 = 270
        claude-3-5-sonnet-20241022            | default | in=100 written=100 5m=40 1h=20 anthropic | 360 | (100 + 40 x 1.25 + 40 x 1.25 + 20 x 1.25 x 1.6) x 1.5 = 360
        claude-3-5-sonnet-20241022            | default | in=100 written=10 5m=40 1h=20 anthropic | 285 | (100 + 40 x 1.25 + 20 x 1.25 x 1.6) x 1.5 = 285
        claude-sonnet-4-20250514              | default | in=0 1h=100 anthropic | 312 | 100 x 1.3 x 1.6 x 1.5 = 312
        claude-opus-4-1-20250805              | default | cached=100 out=1 anthropic | 113 | (100 x 0.1 + 1 x 5) x 7.5 = 112.5

        # Image input tokens are part of the prompt under both semantics.
        gpt-image-1                           | default | in=100 out=10 image=60 | 600 | (40 + 60 x 2 + 10 x 8) x 2.5 = 600
        mix                                   | default | in=100 image=40 anthropic | 520 | (60 + 40 x 5) x 2 = 520
        gpt-4o                                | default | in=100 image=40    | 125   | (60 + 40 x 1) x 1.25 = 125

        # A prompt that is smaller than its parts: no plain tokens are left, the parts still cost.
        mix                                   | default | in=10 out=10 cached=100 | 80 | (0 + 100 x 0.1 + 10 x 3) x 2 = 80
        mix                                   | default | in=10 written=20 image=1 | 60 | (0 + 20 x 1.25 + 1 x 5) x 2 = 60
        mix                                   | default | in=10 image=12 anthropic | 120 | (0 + 12 x 5) x 2 = 120

        # One price for the call, if it used tokens at all.
        dall-e-3                              | default | in=1               | 20000 | 0.04 x 500000 = 20000
        dall-e-3                              | half    | in=1               | 10000 | 0.04 x 500000 x 0.5 = 10000
        veo-3.0-generate-001                  | default | in=7 out=90000 cached=7 | 200000 | 0.4 x 500000 = 200000
        dall-e-3                              | default | in=0               | 0     | no tokens = 0
        dall-e-3 unit=1000                    | default | in=1               | 40    | 0.04 x 1000 = 40
        gpt-4o unit=1000                      | default | in=1000            | 1250  | 1000 x 1.25 = 1250
        half-a-quota                          | default | in=1               | 1     | 0.000001 x 500000 = 0.5
        half-a-quota                          | triple  | in=1               | 2     | 0.000001 x 500000 x 3 = 1.5
        a-quarter-quota                       | default | out=1              | 1     | 0.0000005 x 500000 = 0.25, minimum
        both                                  | default | in=1000            | 10000 | 0.02 x 500000 = 10000
        gpt-4o-mini-tts                       | default | in=30              | 150000 | 0.3 x 500000 = 150000

        # Groups: the ratio of the group in use; a special ratio for the pair replaces it, 0 included.
        gpt-4o                                | half    | in=1000            | 625   | 1000 x 1.25 x 0.5 = 625
        gpt-4o                                | default > triple | in=1000   | 3750  | 1000 x 1.25 x 3 = 3750
        gpt-4o                                | vip > edit_this | in=1000    | 1125  | 1000 x 1.25 x 0.9 = 1125
        gpt-4o                                | default > edit_this | in=1000 | 1250 | 1000 x 1.25 x 1 = 1250
        gpt-4o                                | vip > gratis | in=1000       | 1000  | 1000 x 1.25 x 0.8 = 1000
        gpt-4o                                | staff > triple | in=1000     | 0     | 1000 x 1.25 x 0 = 0
        dall-e-3                              | vip > edit_this | in=1       | 18000 | 0.04 x 500000 x 0.9 = 18000
        gpt-4o                                | no-such-group | in=1000      | 1250  | 1000 x 1.25 x 1 = 1250

        # Names: budgets, gizmos and compact models share an entry; effort suffixes do not.
        gemini-2.5-pro-thinking-8192          | default | in=80 out=80       | 450   | 80 x 0.625 + 80 x 8 x 0.625 = 450
        gemini-2.5-pro-preview-03-25-thinking-1 | default | in=80            | 50    | 80 x 0.625 = 50
        gemini-2.5-flash-thinking-1024        | default | in=1000 out=1000   | 700   | 1000 x 0.075 + 1000 x 8.333333333333334 x 0.075 = 700.00000000000005
        gemini-2.5-flash-preview-04-17-thinking | default | in=1000 out=1000 | 1825  | 1000 x 0.075 + 1000 x 23.333333333333332 x 0.075 = 1824.9999999999999
        gemini-2.5-flash-lite-thinking-512    | default | in=1000            | unpriced | neither ratio nor price
        gpt-4-gizmo-g-2fkFE8rbu               | default | in=10              | 50000 | 0.1 x 500000 = 50000
        gpt-4o-gizmo-g-2fkFE8rbu              | default | in=10 out=10       | 100   | 10 x 2.5 + 10 x 3 x 2.5 = 100
        o3-mini-high                          | default | in=100 out=100     | 275   | 100 x 0.55 + 100 x 4 x 0.55 = 275
        gpt-5-high                            | default | in=100             | unpriced | neither ratio nor price
        codex-openai-compact                  | default | in=10 out=10       | 40    | 10 x 2 + 10 x 1 x 2 = 40
        gpt-5-openai-compact                  | default | in=10 out=10       | 180   | 10 x 2 + 10 x 8 x 2 = 180
        own-openai-compact                    | default | in=10              | 30    | 10 x 3 = 30

        # No price: refused, unless the user or the installation accepts ratio 37.5.
        made-up                               | default | in=10              | unpriced | neither ratio nor price
        made-up accepts                       | default | in=10 out=10       | 750   | 10 x 37.5 + 10 x 1 x 37.5 = 750
        made-up self-use                      | half    | in=10              | 188   | 10 x 37.5 x 0.5 = 187.5
        gpt-5-high self-use                   | default | in=10 out=10       | 3375  | 10 x 37.5 + 10 x 8 x 37.5 = 3375
        gpt-4o accepts                        | default | in=1000            | 1250  | 1000 x 1.25 = 1250

        # Reservations: at least 500 input tokens, and the most output asked for, at the plain ratio; or the price.
        gpt-4o                                | default | reserve in=100     | 625   | 500 x 1.25 = 625
        gpt-4o                                | default | reserve in=2000    | 2500  | 2000 x 1.25 = 2500
        gpt-4o                                | default | reserve in=100 max=1000 | 1875 | (500 + 1000) x 1.25 = 1875
        gpt-4o                                | half    | reserve in=501 max=1000 | 938 | (501 + 1000) x 1.25 x 0.5 = 938.125
        gpt-4o-mini floor=0                   | default | reserve in=20      | 2     | 20 x 0.075 = 1.5
        gpt-4o-mini floor=0                   | default | reserve in=6       | 0     | 6 x 0.075 = 0.45
        dall-e-3                              | half    | reserve in=9999 max=9999 | 10000 | 0.04 x 500000 x 0.5 = 10000
        gpt-4o                                | gratis  | reserve in=9999    | 0     | 9999 x 1.25 x 0 = 0
        glm-4-flash                           | default | reserve in=9999    | 0     | 9999 x 0 = 0
        made-up                               | default | reserve in=10      | unpriced | neither ratio nor price
        """)
    void callCosts(String call, String groups, String usage, String quota, String workedOut) {
        assertThat(new WorkedCall(call, groups, usage).quota(PRICES))
                .as(workedOut)
                .isEqualTo(quota);
    }
}
