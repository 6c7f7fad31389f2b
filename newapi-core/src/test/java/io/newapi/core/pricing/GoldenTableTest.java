package io.newapi.core.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.pricing.expression.Expression;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The billing manual as a table: calls, what they cost, and how that is worked out by hand. {@link WorkedCall} explains
 * the notation. Models with names of providers have their shipped prices; the others are in {@link #PRICES}.
 */
class GoldenTableTest {

    private static final Set<String> TIERED = Set.of(
            "per-token",
            "all-kinds",
            "two-tiers",
            "flat",
            "nothing",
            "below",
            "thirds",
            "fails",
            "at-night",
            "tiny",
            "no-expression");

    private static final PriceBook PRICES = prices();

    private static PriceBook prices() {
        PriceBook shipped = PriceBook.shipped();
        return shipped.toBuilder()
                .withModelRatios(with(shipped.modelRatios(), """
                        mix 2
                        half-a-unit 0.5
                        no-charge 0
                        vendor/claude-3-custom 1
                        free-output 1
                        gpt-5.4-nano 0.1
                        *-openai-compact 2
                        own-openai-compact 3
                        both 100
                        many-digits 0.1666666666666666666666666666666666666666
                        thousand 1000
                        gemini-2.5-flash-free 0
                        tool-model 1
                        tool-model-long 1
                        tool-other 1
                        talker 1"""))
                .withModelPrices(with(shipped.modelPrices(), """
                        half-a-quota 0.000001
                        a-quarter-quota 0.0000005
                        both 0.02
                        gemini-2.5-flash-call 0.001
                        drawer 0.01
                        dall-e-drawer 0.01"""))
                .withCompletionRatios(with(shipped.completionRatios(), """
                        mix 3
                        o3 10
                        vendor/claude-3-custom 7
                        free-output 0
                        talker 3"""))
                .withCacheRatios(with(shipped.cacheRatios(), "mix 0.1"))
                .withCacheWriteRatios(with(shipped.cacheWriteRatios(), "claude-sonnet-4-20250514 1.3"))
                .withImageRatios(with(shipped.imageRatios(), "mix 5"))
                .withAudioRatios(with(shipped.audioRatios(), "talker 2"))
                .withAudioCompletionRatios(with(shipped.audioCompletionRatios(), "talker 7"))
                .withGroupRatios(with(shipped.groupRatios(), """
                        half 0.5
                        triple 3
                        gratis 0
                        tenth 0.1"""))
                .withGroupGroupRatios(Map.of(
                        "vip", Map.of("edit_this", Ratio.parse("0.9"), "gratis", Ratio.parse("0.8")),
                        "staff", Map.of("triple", Ratio.ZERO)))
                .withToolPrices(ToolPrices.shipped().with(with(Map.of(), """
                        my_tool 1
                        my_tool:tool-m* 3
                        my_tool:tool-model-* 4
                        my_tool:other* 5
                        file_search:tool-* 99
                        web_search:tool-model* 90""")))
                .withExpressions(expressions())
                .withTieredModels(TIERED)
                .withClock(InstantSource.fixed(Instant.parse("2026-07-01T03:00:00Z")), ZoneOffset.UTC)
                .build();
    }

    private static Map<String, Expression> expressions() {
        return Map.of(
                "per-token", Expression.parse("p * 1 + c * 3"),
                "all-kinds",
                        Expression.parse("v1: p + c * 2 + cr * 0.1 + cc * 1.25 + cc1h * 2"
                                + " + img * 3 + img_o * 40 + ai * 5 + ao * 7"),
                "two-tiers",
                        Expression.parse("len <= 200000 ? tier('short', p * 1.25 + c * 10)"
                                + " : tier('long', p * 2.5 + c * 15)"),
                "flat", Expression.parse("500"),
                "nothing", Expression.parse("0 * p"),
                "below", Expression.parse("p - 100"),
                "thirds", Expression.parse("p * 1000000 / 3"),
                "fails", Expression.parse("1 / (p - p)"),
                "at-night", Expression.parse("hour('UTC') < 6 ? p * 0.5 : p"),
                "tiny", Expression.parse("0.0001"));
    }

    /** The table and more of it: a name and a number in each line. */
    private static Map<String, Ratio> with(Map<String, Ratio> shipped, String more) {
        Map<String, Ratio> all = new HashMap<>(shipped);
        more.lines().map(line -> line.split(" ", 2)).forEach(entry -> all.put(entry[0], Ratio.parse(entry[1])));
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

        # More families of completion ratios, and their borders.
        gpt-4-all | default | in=10 out=10 | 450 | (10 + 10 x 2) x 15
        gpt-4o-all | default | in=10 out=10 | 450 | (10 + 10 x 2) x 15
        gpt-4o-mini-2024-07-18 | default | in=100 out=100 | 38 | (100 + 100 x 4) x 0.075
        gpt-5-mini | default | in=100 out=100 | 113 | (100 + 100 x 8) x 0.125
        gpt-5-nano | default | in=100 out=100 | 23 | (100 + 100 x 8) x 0.025
        gpt-5.4 accepts | default | in=10 out=10 | 2625 | (10 + 10 x 6) x 37.5
        gpt-5.4-nano-2026 accepts | default | in=10 out=10 | 2719 | (10 + 10 x 6.25) x 37.5
        gpt-5.9-any accepts | default | in=10 out=10 | 2625 | (10 + 10 x 6) x 37.5
        gpt-4.5-preview | default | in=10 out=10 | 1125 | (10 + 10 x 2) x 37.5
        gpt-4-1106 accepts | default | in=10 out=10 | 1500 | (10 + 10 x 3) x 37.5
        gpt-4-1105 accepts | default | in=10 out=10 | 1500 | (10 + 10 x 3) x 37.5
        gpt-4-1106-preview | default | in=10 out=10 | 150 | (10 + 10 x 2) x 5
        gpt-3.5-turbo | default | in=1000 out=1000 | 750 | (1000 + 1000 x 2) x 0.25
        gpt-4.1-mini | default | in=100 out=100 | 60 | (100 + 100 x 2) x 0.2
        gpt-4.1-nano | default | in=1000 out=1000 | 150 | (1000 + 1000 x 2) x 0.05
        gpt-image-1-mini accepts | default | in=10 out=10 | 1125 | (10 + 10 x 2) x 37.5
        o1-mini | default | in=100 out=100 | 275 | (100 + 100 x 4) x 0.55
        o3-pro | default | in=10 out=10 | 500 | (10 + 10 x 4) x 10
        claude-instant-1 | default | in=10 out=10 | 8 | (10 + 10 x 1) x 0.4
        claude-3-opus-20240229 | default | in=10 out=10 | 450 | (10 + 10 x 5) x 7.5
        mistral-any accepts | default | in=10 out=10 | 1500 | (10 + 10 x 3) x 37.5
        gemini-1.5-pro-latest | default | in=100 out=100 | 625 | (100 + 100 x 4) x 1.25
        gemini-2.0-flash | default | in=1000 out=1000 | 250 | (1000 + 1000 x 4) x 0.05
        gemini-3-pro-preview accepts | default | in=10 out=10 | 2625 | (10 + 10 x 6) x 37.5
        gemini-3-pro-image-preview accepts | default | in=10 out=10 | 22875 | (10 + 10 x 60) x 37.5
        gemini-any accepts | default | in=10 out=10 | 1875 | (10 + 10 x 4) x 37.5
        gemini-robotics-er-1.5-preview | default | in=1000 out=1000 | 1400 | (1000 + 1000 x 8.333333333333334) x 0.15
        gemini-2.5-flash-lite-preview-06-17 | default | in=1000 out=1000 | 250 | (1000 + 1000 x 4) x 0.05
        command-r | default | in=10 out=10 | 10 | (10 + 10 x 3) x 0.25
        command-r-08-2024 | default | in=100 out=100 | 38 | (100 + 100 x 4) x 0.075
        command-r-plus-08-2024 | default | in=10 out=10 | 63 | (10 + 10 x 4) x 1.25
        ERNIE-Character-8K accepts | default | in=10 out=10 | 1125 | (10 + 10 x 2) x 37.5
        llama2-70b-4096 accepts | default | in=10 out=10 | 844 | (10 + 10 x 1.25) x 37.5
        llama3-8b-8192 accepts | default | in=10 out=10 | 1125 | (10 + 10 x 2) x 37.5
        llama3-70b-8192 accepts | default | in=1000 out=1000 | 87712 | (1000 + 1000 x 1.3389830508474576) x 37.5

        # More about rounding: halves at every size, both sides of them, and ratios of many digits.
        gpt-4o | tenth | in=4 | 1 | 4 x 1.25 x 0.1
        gpt-4o | tenth | in=12 | 2 | 12 x 1.25 x 0.1
        gpt-4o | tenth | in=11 | 1 | 11 x 1.25 x 0.1
        gpt-4o | tenth | in=20 | 3 | 20 x 1.25 x 0.1
        gemini-2.5-flash-preview-05-20 | tenth | in=100 out=100 | 18 | (100 + 100 x 23.333333333333332) x 0.075 x 0.1
        gemini-2.5-flash | tenth | in=30 out=30 | 4 | (30 + 30 x 8.333333333333334) x 0.15 x 0.1
        ERNIE-4.0-8K | default | in=1000 out=500 | 12329 | (1000 + 500 x 1) x 8.219178082191782
        ERNIE-4.0-8K | tenth | in=3 | 2 | 3 x 8.219178082191782 x 0.1
        many-digits | default | in=3 | 1 | 3 x 0.1666666666666666666666666666666666666666, minimum
        many-digits | default | in=9 | 1 | 9 x 0.1666666666666666666666666666666666666666
        many-digits | triple | in=9 | 4 | 9 x 0.1666666666666666666666666666666666666666 x 3
        gpt-4o | default | in=9007199254740991 | 11258999068426239 | 9007199254740991 x 1.25
        ERNIE-4.0-8K | default | in=9007199254740991 | 74031774696501307 | 9007199254740991 x 8.219178082191782
        mix | default | in=9007199254740991 out=9007199254740991 | 72057594037927928 | (9007199254740991 + 9007199254740991 x 3) x 2
        thousand | default | in=9007199254740991 out=9007199254740991 | refused | (1 + 1) x 9007199254740991 x 1000 exceeds 64 bits

        # Audio input of Gemini models is charged beside the prompt, in USD for a million tokens, by the first prefix that fits.
        gemini-2.5-flash | default | in=1000 audio=600 | 360 | 400 x 0.15 + 600 x 1 / 1000000 x 500000
        gemini-2.5-flash | half | in=1000 audio=600 out=10 | 186 | ((400 + 10 x 8.333333333333334) x 0.15 + 600 x 1 / 1000000 x 500000) x 0.5
        gemini-2.0-flash | default | in=1000 audio=1000 | 350 | 0 x 0.05 + 1000 x 0.7 / 1000000 x 500000
        gemini-2.5-flash-preview-05-20 | default | in=100 audio=40 | 25 | 60 x 0.075 + 40 x 1 / 1000000 x 500000
        gemini-2.5-flash-preview-native-audio-x accepts | default | in=10 audio=4 | 231 | 6 x 37.5 + 4 x 3 / 1000000 x 500000
        gemini-2.5-flash-preview-lite-x accepts | default | in=10 audio=4 | 226 | 6 x 37.5 + 4 x 0.5 / 1000000 x 500000
        gemini-robotics-er-1.5-preview | default | in=100 audio=100 | 50 | 0 x 0.15 + 100 x 1 / 1000000 x 500000
        gemini-2.5-flash unit=1000000 | default | in=1000 audio=600 | 660 | 400 x 0.15 + 600 x 1 / 1000000 x 1000000
        gemini-2.5-pro | default | in=100 audio=100 | 63 | 100 x 0.625
        gemini-2.5-flash | default | in=10 audio=12 | 6 | no plain prompt is left: 0 x 0.15 + 12 x 1 / 1000000 x 500000
        gemini-2.5-flash | default | in=100 cached=50 audio=40 | 29 | (10 + 50 x 1) x 0.15 + 40 x 1 / 1000000 x 500000
        gemini-2.5-flash-free | default | in=100 audio=40 | 20 | 60 x 0 + 40 x 1 / 1000000 x 500000
        gemini-2.5-flash-free | default | in=100 | 0 | 100 x 0
        gemini-2.5-flash-call | default | in=100 audio=40 | 520 | 0.001 x 500000 + 40 x 1 / 1000000 x 500000
        gemini-2.5-flash-call | half | in=100 | 250 | 0.001 x 500000 x 0.5
        gemini-2.5-flash | gratis | in=100 audio=40 | 0 | (60 x 0.15 + 40 x 1 / 1000000 x 500000) x 0
        gemini-2.5-flash-thinking-64 | default | in=100 audio=40 | 25 | 60 x 0.075 + 40 x 1 / 1000000 x 500000

        # Tools: USD for a thousand calls, at the group's ratio, on top of the tokens.
        gpt-4o | default | in=1000 web_search=2 | 11250 | 1000 x 1.25 + 2 x 10 / 1000 x 500000
        gpt-4o | default | in=1000 web_search_preview=2 | 26250 | 1000 x 1.25 + 2 x 25 / 1000 x 500000
        gpt-4o-mini | default | in=1000 web_search_preview=1 | 12575 | 1000 x 0.075 + 1 x 25 / 1000 x 500000
        gpt-4.1-nano | default | in=1000 web_search_preview=1 | 12550 | 1000 x 0.05 + 1 x 25 / 1000 x 500000
        gpt-5 | default | in=1000 web_search_preview=1 | 5625 | 1000 x 0.625 + 1 x 10 / 1000 x 500000
        o3 | default | in=1000 web_search_preview=3 | 16000 | 1000 x 1 + 3 x 10 / 1000 x 500000
        gpt-4o | half | in=1000 web_search_preview=1 | 6875 | (1000 x 1.25 + 1 x 25 / 1000 x 500000) x 0.5
        gpt-4o | default | in=1000 file_search=3 | 5000 | 1000 x 1.25 + 3 x 2.5 / 1000 x 500000
        gemini-2.5-pro | default | in=1000 google_search=4 | 28625 | 1000 x 0.625 + 4 x 14 / 1000 x 500000
        claude-3-5-sonnet-20241022 | default | in=100 web_search=1 anthropic | 5150 | 100 x 1.5 + 1 x 10 / 1000 x 500000
        gpt-4o | vip > edit_this | in=1000 file_search=1 web_search=1 | 6750 | (1000 x 1.25 + 1 x 2.5 / 1000 x 500000 + 1 x 10 / 1000 x 500000) x 0.9
        gpt-4o unit=1000 | default | in=1000 web_search=1 | 1260 | 1000 x 1.25 + 1 x 10 / 1000 x 1000
        gpt-4o | default | in=1000 my_tool=5 | 3750 | 1000 x 1.25 + 5 x 1 / 1000 x 500000
        gpt-4o | default | in=1000 no_tool=5 | 1250 | 1000 x 1.25 + 5 x 0
        tool-model | default | in=10 my_tool=1 | 1510 | 10 x 1 + 1 x 3 / 1000 x 500000
        tool-model-long | default | in=10 my_tool=1 | 2010 | 10 x 1 + 1 x 4 / 1000 x 500000
        tool-other | default | in=10 my_tool=1 | 510 | 10 x 1 + 1 x 1 / 1000 x 500000
        tool-model | default | in=10 file_search=1 | 1260 | 10 x 1 + 1 x 2.5 / 1000 x 500000
        tool-model | default | in=10 web_search=1 | 45010 | 10 x 1 + 1 x 90 / 1000 x 500000
        tool-model | default | in=10 web_search=1 anthropic | 5010 | 10 x 1 + 1 x 10 / 1000 x 500000
        glm-4-flash | default | in=1000 web_search=1 | 5000 | 1000 x 0 + 1 x 10 / 1000 x 500000
        gpt-4o | gratis | in=1000 web_search=1 | 0 | (1000 x 1.25 + 1 x 10 / 1000 x 500000) x 0
        gpt-4o | default | web_search=5 | 0 | no tokens
        half-a-quota | default | in=1 web_search=1 | 5001 | 0.000001 x 500000 + 1 x 10 / 1000 x 500000
        dall-e-3 | default | in=1 file_search=2 | 22500 | 0.04 x 500000 + 2 x 2.5 / 1000 x 500000
        mj_inpaint | default | in=1 web_search=1 | 5000 | 0 x 500000 + 1 x 10 / 1000 x 500000
        glm-4-flash unit=10 | default | in=5 file_search=1 | 0 | 5 x 0 + 1 x 2.5 / 1000 x 10
        gpt-4o-mini unit=10 | default | in=5 file_search=1 | 1 | 5 x 0.075 + 1 x 2.5 / 1000 x 10, minimum

        # Images that a tool made, by quality and size.
        gpt-4o | default | in=1000 drawn=low/1024x1024 | 6750 | 1000 x 1.25 + 0.011 x 500000
        gpt-4o | default | in=1000 drawn=low/1024x1536 | 9250 | 1000 x 1.25 + 0.016 x 500000
        gpt-4o | default | in=1000 drawn=medium/1024x1024 | 22250 | 1000 x 1.25 + 0.042 x 500000
        gpt-4o | default | in=1000 drawn=medium/1536x1024 | 32750 | 1000 x 1.25 + 0.063 x 500000
        gpt-4o | default | in=1000 drawn=high/1024x1024 | 84750 | 1000 x 1.25 + 0.167 x 500000
        gpt-4o | default | in=1000 drawn=high/1536x1024 | 126250 | 1000 x 1.25 + 0.25 x 500000
        gpt-4o | default | in=1000 drawn=auto/1024x1024 | 84750 | 1000 x 1.25 + 0.167 x 500000
        gpt-4o | default | in=1000 drawn=low/9x9 | 84750 | 1000 x 1.25 + 0.167 x 500000
        gpt-4o | half | in=1000 drawn=low/1024x1024 drawn=high/1024x1536 | 65875 | (1000 x 1.25 + 0.011 x 500000 + 0.25 x 500000) x 0.5

        # Images at a price: times size, times quality, times how many came.
        dall-e-3 | default | in=2 images=2 | 40000 | 0.04 x 500000 x 2
        dall-e-3 | default | in=1 images=1 size=1024x1792 | 40000 | 0.04 x 2 x 500000 x 1
        dall-e-3 | default | in=1 images=1 quality=hd | 40000 | 0.04 x 2 x 500000 x 1
        dall-e-3 | default | in=1 images=1 size=1792x1024 quality=hd | 60000 | 0.04 x 2 x 1.5 x 500000 x 1
        dall-e-3 | half | in=3 images=3 size=1024x1024 quality=hd | 60000 | 0.04 x 2 x 500000 x 3 x 0.5
        dall-e-2 | default | in=1 images=1 size=256x256 | unpriced | not in the shipped prices
        drawer | default | in=1 images=3 size=1024x1792 quality=hd | 15000 | 0.01 x 500000 x 3
        dall-e-drawer | default | in=1 images=1 size=256x256 | 2000 | 0.01 x 0.4 x 500000 x 1
        dall-e-drawer | default | in=1 images=2 size=512x512 quality=hd | 4500 | 0.01 x 0.45 x 500000 x 2
        dall-e-drawer | default | in=1 images=1 size=640x480 | 5000 | 0.01 x 1 x 500000 x 1
        dall-e-3 | default | images=4 | 80000 | nothing counted: 0.04 x 500000 x 4
        dall-e-3 | default | in=2 images=2 web_search=1 | 50000 | (0.04 x 500000 + 1 x 10 / 1000 x 500000) x 2
        dall-e-3 | gratis | in=2 images=2 | 0 | 0.04 x 500000 x 2 x 0
        imagen-3.0-generate-002 | default | in=516 images=2 | 30000 | 0.03 x 500000 x 2

        # Images by ratio: tokens only; where nothing is counted, 1584 completion tokens for each.
        gpt-image-1 | default | in=50 out=1056 image=40 images=4 quality=hd | 21345 | (10 + 40 x 2 + 1056 x 8) x 2.5
        gpt-image-1 | default | no-usage images=1 | 31680 | 1584 x 8 x 2.5
        gpt-image-1 | half | no-usage images=3 in=20 | 47545 | (20 + 3 x 1584 x 8) x 2.5 x 0.5
        gpt-image-1 | default | images=3 | 0 | a usage of nothing stays nothing

        # Audio chat and realtime: four kinds of token, one rounding.
        gpt-4o-audio-preview | default | audio-chat text-in=100 audio-in=50 text-out=20 audio-out=10 | 1425 | (100 + 20 x 4 + 50 x 16 + 10 x 16 x 1) x 1.25
        gpt-4o-audio-preview | default | audio-chat in=150 audio-in=50 | 1125 | the rest of the prompt is text: (100 + 50 x 16) x 1.25
        gpt-4o-audio-preview | default | audio-chat in=150 out=30 audio-out=10 | 488 | (150 + 20 x 4 + 10 x 16 x 1) x 1.25
        gpt-4o-audio-preview | default | audio-chat no-details in=100 out=10 | 175 | nothing told apart: (100 + 10 x 4) x 1.25
        gpt-4o-audio-preview | default | audio-chat no-details in=100 out=10 cached=50 | 175 | nothing told apart: (50 + 50 x 1 + 10 x 4) x 1.25
        gpt-4o-audio-preview | default | audio-chat in=100 audio-in=10 web_search_preview=1 | 12813 | (90 + 10 x 16) x 1.25 + 1 x 25 / 1000 x 500000
        gpt-4o-audio-preview | default | audio-chat | 0 | no tokens
        gpt-4o-audio-preview | gratis | audio-chat audio-in=50 | 0 | 50 x 16 x 1.25 x 0
        gpt-4o-audio-preview | default | audio-chat text-in=100 audio-in=50 in=100 | 1125 | the details count: (100 + 50 x 16) x 1.25
        gpt-4o-realtime-preview | default | realtime text-in=10 audio-in=10 text-out=10 audio-out=10 | 525 | (10 + 10 x 4 + 10 x 8 + 10 x 8 x 1) x 2.5
        gpt-4o-mini-realtime-preview | default | realtime audio-in=100 | 500 | 100 x 16.67 x 0.3
        gpt-4o-realtime-preview | half | realtime text-in=1 | 1 | 1 x 2.5 x 0.5
        talker | default | realtime text-in=10 audio-in=10 text-out=10 audio-out=10 | 200 | (10 + 10 x 3 + 10 x 2 + 10 x 2 x 7) x 1
        talker | tenth | realtime text-in=1 | 1 | 1 x 1 x 0.1, minimum
        talker | default | realtime audio-out=1 | 14 | 1 x 2 x 7 x 1
        half-a-quota | default | realtime audio-in=5 | 1 | 0.000001 x 500000
        both | half | audio-chat audio-in=5 | 5000 | 0.02 x 500000 x 0.5
        both | default | realtime | 0 | no tokens

        # Tasks: a price times every other ratio, one product, one rounding.
        sora-2 | default | task | 150000 | 0.3 x 500000
        sora-2 | default | task seconds=4 size=1 | 600000 | 0.3 x 500000 x 4 x 1
        sora-2-pro | default | task seconds=8 size=1.666667 | 3333334 | 0.5 x 500000 x 8 x 1.666667
        sora-2-pro | tenth | task seconds=8 size=1.666667 | 333333 | 0.5 x 500000 x 8 x 1.666667 x 0.1
        veo-3.1-generate-preview | default | task seconds=8 resolution=1.5 | 2400000 | 0.4 x 500000 x 8 x 1.5
        veo-3.1-fast-generate-preview | default | task seconds=8 resolution=2.333333 | 1400000 | 0.15 x 500000 x 8 x 2.333333
        sora-2 | default | task seconds=0 size=2 | 300000 | a ratio of 0 says nothing: 0.3 x 500000 x 2
        suno_music | vip > edit_this | task | 45000 | 0.1 x 500000 x 0.9
        mix | edit_this > edit_this | task tokens=100 | 200 | 100 x 2 x 1
        mj_imagine | default | task | 50000 | 0.1 x 500000
        mj_custom_zoom | default | task | 0 | 0 x 500000
        suno_music | gratis | task seconds=9 | 0 | 0.1 x 500000 x 9 x 0
        a-quarter-quota | default | task | 1 | 0.0000005 x 500000, minimum
        a-quarter-quota | default | task seconds=6 | 2 | 0.0000005 x 500000 x 6
        mix | default | task | 500000 | half its ratio in USD: 2 x 0.5 x 500000
        mix | half | task seconds=3 | 750000 | 2 x 0.5 x 500000 x 3 x 0.5
        no-charge | default | task | 0 | 0 x 0.5 x 500000
        made-up | default | task | unpriced | neither ratio nor price
        made-up self-use accepts | default | task | unpriced | a task without price is refused
        mix | default | task tokens=1000 seconds=5 | 10000 | 1000 x 2 x 5
        mix | tenth | task tokens=1 | 1 | 1 x 2 x 0.1, minimum
        mix | gratis | task tokens=1000 | 0 | 1000 x 2 x 0
        mix | default | task tokens=0 | none | no tokens: the first charge stands
        no-charge | default | task tokens=1000 | none | no ratio above 0: the first charge stands
        sora-2 | default | task tokens=1000 | none | no ratio: the first charge stands
        both | default | task tokens=7 x=0.5 | 350 | 7 x 100 x 0.5

        # A channel's test: no group, one rounding.
        gpt-4o | half | test in=9 out=10 | 61 | (9 + 10 x 4) x 1.25
        gpt-4o | gratis | test in=9 out=10 | 61 | (9 + 10 x 4) x 1.25
        gpt-4o-mini | default | test in=1 | 1 | 1 x 0.075, minimum
        gpt-4o-mini | default | test in=0 | 1 | 0 x 0.075, minimum
        glm-4-flash | default | test in=100 | 0 | 100 x 0
        dall-e-3 | half | test in=1 | 20000 | 0.04 x 500000
        a-quarter-quota | default | test in=1 | 1 | 0.0000005 x 500000, minimum
        gemini-2.5-flash | default | test in=7 out=3 | 5 | (7 + 3 x 8.333333333333334) x 0.15
        per-token | half | test in=1000 out=1000 | 2000 | (1000 x 1 + 1000 x 3) / 1000000 x 500000

        # The fine for forbidden content.
        gpt-4o | default | violation | 25000 | 0.05 x 500000
        gpt-4o | half | violation | 12500 | 0.05 x 500000 x 0.5
        gpt-4o | gratis | violation | 0 | 0.05 x 500000 x 0
        gpt-4o fee=0.000001 | default | violation | 1 | 0.000001 x 500000
        gpt-4o fee=0.0000009 | default | violation | 0 | 0.0000009 x 500000
        gpt-4o fee=0 | default | violation | 0 | 0 x 500000
        gpt-4o fee=1 unit=7 | triple | violation | 21 | 1 x 7 x 3

        # OpenRouter counts the cache into the prompt, and tells writes by their cost. 5370 quota are 0.01074 USD.
        claude-3-5-sonnet-20241022 | default | openrouter in=1000 cached=800 anthropic | 420 | (200 + 800 x 0.1) x 1.5
        claude-3-5-sonnet-20241022 | default | openrouter in=1000 cached=800 written=100 anthropic | 458 | (100 + 800 x 0.1 + 100 x 1.25) x 1.5
        claude-3-5-sonnet-20241022 | default | openrouter in=1000 cached=800 cost=0.000915 anthropic | 458 | 100 were written: (100 + 800 x 0.1 + 100 x 1.25) x 1.5
        claude-3-5-sonnet-20241022 | default | openrouter in=1000 out=10 cost=0.003525 anthropic | 1763 | 500 were written: (500 + 500 x 1.25 + 10 x 5) x 1.5
        claude-3-5-sonnet-20241022 | default | openrouter in=1000 cost=1 anthropic | 1500 | more than the prompt were written: not so: 1000 x 1.5
        claude-3-5-sonnet-20241022 | default | openrouter in=1000 cost=0.001 anthropic | 1500 | less than none were written: not so: 1000 x 1.5
        claude-3-5-sonnet-20241022 | default | openrouter in=1000 anthropic | 1500 | no cost, no writes: 1000 x 1.5
        claude-3-5-sonnet-20241022 | default | openrouter in=1000 cached=100 cost=0.01 | 1365 | counted as OpenAI does: (900 + 100 x 0.1) x 1.5
        claude-sonnet-4-20250514 | default | openrouter in=1000 cost=0.00345 anthropic | 1725 | 500 were written: (500 + 500 x 1.3) x 1.5
        mix | default | openrouter in=1000 cost=0.005 anthropic | 2000 | its ratio is not the shipped one: 1000 x 2
        half-a-unit | default | openrouter in=100 cached=200 anthropic | 100 | (0 + 200 x 1) x 0.5

        # By expression: USD for a million units, at the group's ratio.
        per-token | default | in=1000 out=1000 | 2000 | (1000 x 1 + 1000 x 3) / 1000000 x 500000
        per-token | half | in=1000 out=1000 | 1000 | (1000 x 1 + 1000 x 3) / 1000000 x 500000 x 0.5
        per-token | default | in=1000 cached=400 | 500 | it does not name cr, so that stays in p: 1000 x 1 / 1000000 x 500000
        per-token | default | in=1 | 1 | 1 x 1 / 1000000 x 500000
        per-token | tenth | in=1 | 1 | 1 x 1 / 1000000 x 500000 x 0.1, minimum
        per-token | default | in=0 | 0 | no tokens
        per-token | gratis | in=1000 | 0 | 1000 x 1 / 1000000 x 500000 x 0
        per-token | default | in=1000 web_search=1 | 5500 | 1000 x 1 / 1000000 x 500000 + 1 x 10 / 1000 x 500000
        per-token | half | in=1000 web_search=1 | 2750 | (1000 x 1 / 1000000 x 500000 + 1 x 10 / 1000 x 500000) x 0.5
        per-token | default | in=100 cached=1000 anthropic | 50 | cr is not named and stands beside the prompt: 100 x 1 / 1000000 x 500000
        all-kinds | default | in=1000 out=100 cached=100 written=50 image=30 audio=20 image-out=10 audio-out=5 | 834 | (800 x 1 + 85 x 2 + 100 x 0.1 + 50 x 1.25 + 30 x 3 + 10 x 40 + 20 x 5 + 5 x 7) / 1000000 x 500000
        all-kinds | default | in=1000 5m=10 1h=20 | 511 | (970 x 1 + 10 x 1.25 + 20 x 2) / 1000000 x 500000
        all-kinds | default | in=1000 written=50 5m=10 1h=20 anthropic | 539 | cc = 50 - 20: (1000 x 1 + 30 x 1.25 + 20 x 2) / 1000000 x 500000
        all-kinds | default | in=10 cached=100 | 5 | nothing is left of p: (0 x 1 + 100 x 0.1) / 1000000 x 500000
        all-kinds | default | in=1000 image=30 audio=20 anthropic | 595 | nothing is taken out of p: (1000 x 1 + 30 x 3 + 20 x 5) / 1000000 x 500000
        all-kinds | default | out=10 audio-out=20 | 70 | nothing is left of c: (0 x 2 + 20 x 7) / 1000000 x 500000
        two-tiers | default | in=200000 out=10 | 125050 | len = 200000: (200000 x 1.25 + 10 x 10) / 1000000 x 500000
        two-tiers | default | in=200001 out=10 | 250076 | len = 200001: (200001 x 2.5 + 10 x 15) / 1000000 x 500000
        two-tiers | default | in=1000 cached=199500 anthropic | 1250 | len = 200500: 1000 x 2.5 / 1000000 x 500000
        flat | default | in=5 | 250 | 500 / 1000000 x 500000
        nothing | default | in=5 | 0 | 0 / 1000000 x 500000
        nothing | default | in=5 web_search=1 | 5000 | 0 / 1000000 x 500000 + 1 x 10 / 1000 x 500000
        below | default | in=5 | 0 | 5 - 100 is below zero and counts as 0
        below | default | in=5 file_search=1 | 1250 | 0 + 1 x 2.5 / 1000 x 500000
        below | default | in=300 | 100 | (300 - 100) / 1000000 x 500000
        thirds | default | in=2 | 333333 | 2 x 1000000 / 3 / 1000000 x 500000
        thirds unit=3 | default | in=1 | 1 | 1 x 1000000 / 3 / 1000000 x 3
        fails | default | in=5 held=77 | 77 | division by zero: what was held
        fails | half | in=5 held=77 web_search=1 | 2577 | 77 + 1 x 10 / 1000 x 500000 x 0.5
        fails | default | in=5 | refused | division by zero, and nothing was held
        fails | default | in=0 held=77 | 0 | no tokens
        at-night | default | in=1000 | 250 | it is 03:00 in UTC: 1000 x 0.5 / 1000000 x 500000
        tiny | default | in=1 | 1 | 0.0001 / 1000000 x 500000, minimum
        per-token | default | no-usage images=2 | 4752 | nothing counted: 2 x 1584 x 3 / 1000000 x 500000
        per-token | default | audio-chat in=100 out=10 audio-in=50 | 65 | (100 x 1 + 10 x 3) / 1000000 x 500000
        all-kinds | default | audio-chat text-in=50 audio-in=50 text-out=5 audio-out=5 | 173 | (50 x 1 + 5 x 2 + 50 x 5 + 5 x 7) / 1000000 x 500000
        no-expression | default | in=1000 | unpriced | its mode is tiered, but it has no expression
        no-expression accepts | default | in=1000 | unpriced | its mode is tiered, but it has no expression

        # Reservations of the other kinds.
        per-token | default | reserve in=1000 max=500 | 1250 | (1000 x 1 + 500 x 3) / 1000000 x 500000
        per-token | default | reserve in=100 | 12338 | 8192 completion tokens: (100 x 1 + 8192 x 3) / 1000000 x 500000
        per-token | gratis | reserve in=100 | 0 | 100 x 1 / 1000000 x 500000 x 0
        two-tiers | default | reserve in=300000 max=100 | 375750 | len = 300000: (300000 x 2.5 + 100 x 15) / 1000000 x 500000
        below | default | reserve in=5 max=1 | 0 | below zero counts as 0
        fails | default | reserve in=5 max=1 | refused | division by zero
        dall-e-3 | default | reserve in=10 images=4 size=1024x1792 quality=hd | 240000 | 0.04 x 2 x 1.5 x 4 x 500000
        drawer | half | reserve images=2 | 5000 | 0.01 x 2 x 500000 x 0.5
        gpt-image-1 | default | reserve in=10 images=4 | 5210 | (500 + 1584) x 2.5
        gpt-image-1 | default | reserve in=1000 images=1 | 6460 | (1000 + 1584) x 2.5
        per-token | default | reserve in=100 images=1 | 2426 | (100 x 1 + 1584 x 3) / 1000000 x 500000
        gpt-4o-realtime-preview | default | reserve | 1250 | 500 x 2.5
        thousand | default | reserve in=9223372036854775807 | refused | 9223372036854775807 x 1000 exceeds 64 bits
        half-a-quota | half | reserve | 0 | 0.000001 x 500000 x 0.5
        """)
    void callCosts(String call, String groups, String usage, String quota, String workedOut) {
        assertThat(new WorkedCall(call, groups, usage).quota(PRICES))
                .as(workedOut)
                .isEqualTo(quota);
    }
}
