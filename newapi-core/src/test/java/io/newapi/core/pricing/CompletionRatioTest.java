package io.newapi.core.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionRatioTest {

    @ParameterizedTest(name = "{0}: {1} {2}")
    @CsvSource(textBlock = """
        # endings go before everything else
        gpt-4o-all,                             2, open
        o1-all,                                 2, open
        claude-3-all,                           2, open
        gpt-4o-gizmo-abc,                       2, open
        # gpt
        gpt-4o,                                 4, open
        gpt-4o-2024-05-13,                      3, locked
        gpt-4o-2024-05-13-x,                    4, open
        gpt-4o-mini-tts,                        20, open
        gpt-4o-mini-tts-2025,                   20, open
        gpt-4o-mini,                            4, open
        gpt-5,                                  8, locked
        gpt-5-mini-2025-08-07,                  8, locked
        gpt-5.4,                                6, locked
        gpt-5.4-mini,                           6, locked
        gpt-5.4-nano-2026,                      6.25, locked
        gpt-5.1,                                6, open
        gpt-5-v1.2,                             6, open
        gpt-4.5-preview-2025-02-27,             2, locked
        gpt-4-turbo-2024-04-09,                 3, locked
        gpt-4-1106,                             3, locked
        gpt-x-gpt-4-1105,                       3, locked
        gpt-4-1106-preview,                     2, open
        azure-gpt-4-1106,                       1, open
        gpt-4,                                  2, open
        gpt-4.1-mini,                           2, open
        gpt-3.5-turbo-0125,                     2, open
        gpt-image-1,                            2, open
        # the rest of OpenAI
        o1-preview,                             4, locked
        o3-deep-research,                       4, locked
        o4-mini,                                1, open
        chatgpt-4o-latest,                      3, locked
        chatgpt-4o-latest-2,                    1, open
        # Anthropic
        claude-3-haiku-20240307,                5, locked
        anthropic.claude-3-5-sonnet,            5, locked
        claude-sonnet-4-5-20250929,             5, locked
        claude-opus-4-8,                        5, locked
        claude-haiku-4-5-20251001,              5, locked
        claude-2.1,                             1, open
        claude-instant-1,                       1, open
        # Mistral and Gemini
        mistral-large,                          3, locked
        open-mistral-7b,                        1, open
        gemini-1.5-pro-latest,                  4, locked
        gemini-2.0-flash,                       4, locked
        gemini-2.5-pro-exp-03-25,               8, open
        gemini-2.5-pro-thinking-128,            8, open
        gemini-2.5-flash,                       8.333333333333334, open
        gemini-2.5-flash-thinking-128,          8.333333333333334, open
        gemini-2.5-flash-preview-04-17,         23.333333333333332, open
        gemini-2.5-flash-preview-04-17-thinking, 23.333333333333332, open
        gemini-2.5-flash-preview-04-17-thinking-128, 8.333333333333334, open
        gemini-2.5-flash-preview-04-17-nothinking, 4, open
        gemini-2.5-flash-nothinking,            8.333333333333334, open
        gemini-2.5-flash-lite-preview-06-17,    4, open
        gemini-robotics-er-1.5-preview,         8.333333333333334, open
        gemini-3-pro-preview,                   6, open
        gemini-3-pro-image-preview,             60, open
        gemini-3-flash-preview,                 4, open
        gemini-embedding-001,                   4, open
        # Cohere, Baidu, Groq
        command,                                4, open
        command-r,                              3, locked
        command-r-plus,                         5, locked
        command-r-08-2024,                      4, locked
        command-r-plus-08-2024,                 4, locked
        command-r7b,                            4, open
        ERNIE-Speed-8K,                         2, locked
        ERNIE-Lite-8K-0922,                     2, locked
        ERNIE-Character-8K,                     2, locked
        ERNIE-Functions-8K,                     2, locked
        ERNIE-4.0-8K,                           1, open
        llama2-70b-4096,                        1.25, locked
        llama3-8b-8192,                         2, locked
        llama3-70b-8192,                        1.3389830508474576, locked
        llama3-70b-8192-tool-use,               1, open
        # anything else
        deepseek-chat,                          1, open
        GPT-4o,                                 1, open
        """)
    void familyDecidesWhereNothingIsConfigured(String model, String ratio, String lock) {
        CompletionRatio completion = PriceBook.builder().build().completionRatio(model);

        assertThat(completion).isEqualTo(new CompletionRatio(Ratio.parse(ratio), lock.equals("locked")));
    }

    @Test
    void aConfiguredRatioReplacesThatOfAnOpenFamily() {
        assertThat(configured("gpt-4.1", "4").completionRatio("gpt-4.1")).isEqualTo(open("4"));
    }

    @Test
    void aConfiguredRatioIsIgnoredInALockedFamily() {
        assertThat(configured("o3", "8").completionRatio("o3")).isEqualTo(new CompletionRatio(Ratio.parse("4"), true));
    }

    @Test
    void unlockingLetsTheConfiguredRatioCount() {
        PriceBook book = configured("o3", "8").toBuilder()
                .withCompletionRatiosUnlocked(true)
                .build();

        assertThat(book.completionRatio("o3")).isEqualTo(open("8"));
        assertThat(book.completionRatio("o1")).isEqualTo(open("4"));
    }

    @Test
    void aNameWithAVendorIsAsConfiguredInAnyFamily() {
        assertThat(configured("vendor/claude-3-x", "7").completionRatio("vendor/claude-3-x"))
                .isEqualTo(open("7"));
        assertThat(configured("other", "7").completionRatio("vendor/claude-3-x"))
                .isEqualTo(new CompletionRatio(Ratio.parse("5"), true));
    }

    private static PriceBook configured(String model, String ratio) {
        return PriceBook.builder()
                .withCompletionRatios(Map.of(model, Ratio.parse(ratio)))
                .build();
    }

    private static CompletionRatio open(String ratio) {
        return new CompletionRatio(Ratio.parse(ratio), false);
    }
}
