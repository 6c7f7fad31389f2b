package io.newapi.core.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextEstimatorTest {

    /** A hundred of a kind, so that hundredths of a token become whole tokens. */
    private static final int HUNDRED = 100;

    @ParameterizedTest(name = "{0}: gemini {2}, claude {3}, others {4}")
    @CsvSource(delimiter = '|', textBlock = """
        # kind                | text, written as UTF-16   | gemini | claude | others
        Han character         | \\u4e2d                   | 68     | 121    | 85
        Hiragana              | \\u3042                   | 68     | 121    | 85
        Katakana              | \\u30a2                   | 68     | 121    | 85
        Hangul syllable       | \\uac00                   | 68     | 121    | 85
        Han beyond the BMP    | \\ud840\\udc00            | 68     | 121    | 85
        ideographic zero      | \\u3007                   | 68     | 121    | 85
        emoji                 | \\ud83d\\ude00            | 108    | 260    | 212
        dingbat               | \\u2764                   | 108    | 260    | 212
        circled dingbat digit | \\u2780                   | 108    | 260    | 212
        symbol                | !                         | 38     | 40     | 40
        underscore            | _                         | 38     | 40     | 40
        plus sign             | +                         | 38     | 40     | 40
        euro sign             | \\u20ac                   | 38     | 40     | 40
        fullwidth comma       | \\uff0c                   | 38     | 40     | 40
        emoji joiner          | \\u200d                   | 38     | 40     | 40
        control character     | \\u0001                   | 38     | 40     | 40
        sum sign              | \\u2211                   | 105    | 452    | 268
        degree sign           | \\u00b0                   | 105    | 452    | 268
        superscript plus      | \\u207a                   | 105    | 452    | 268
        subscript parenthesis | \\u208e                   | 105    | 452    | 268
        bold nabla            | \\ud835\\udec1            | 105    | 452    | 268
        large operator        | \\u2a00                   | 105    | 452    | 268
        slash                 | /                         | 120    | 126    | 100
        percent sign          | %                         | 120    | 126    | 100
        at sign               | @                         | 250    | 282    | 200
        newline               | \\u000a                   | 115    | 89     | 50
        tab                   | \\u0009                   | 115    | 89     | 50
        carriage return       | \\u000d                   | 20     | 39     | 42
        space                 | \\u0020                   | 20     | 39     | 42
        next line             | \\u0085                   | 20     | 39     | 42
        no-break space        | \\u00a0                   | 20     | 39     | 42
        ideographic space     | \\u3000                   | 20     | 39     | 42
        """)
    void eachCharacterOutsideARunWeighsByItself(String kind, String escaped, long gemini, long claude, long others) {
        String text = unescaped(escaped).repeat(HUNDRED);

        assertThat(tokens("gemini-2.5-pro", text)).as(kind).isEqualTo(gemini);
        assertThat(tokens("claude-3-opus", text)).as(kind).isEqualTo(claude);
        assertThat(tokens("gpt-4o", text)).as(kind).isEqualTo(others);
    }

    @ParameterizedTest
    @CsvSource({
        "a.,              142", // word 1.02 + symbol 0.40
        "antidisestablishmentarianism., 142",
        "\u00e9t\u00e9.,  142",
        "7.,              195", // number 1.55 + symbol 0.40
        "1234567890.,     195",
        "\u00b2.,         195",
        "\u2167.,         195",
        "abc123.,         297", // 1.02 + 1.55 + 0.40
        "a1a.,            399", // 1.02 + 1.55 + 1.02 + 0.40
        "a\u4e2da.,       329", // 1.02 + 0.85 + 1.02 + 0.40
    })
    void aRunOfLettersOrDigitsWeighsOnce(String text, long hundredths) {
        assertThat(tokens("gpt-4o", text.repeat(HUNDRED))).isEqualTo(hundredths);
    }

    @Test
    void aSentenceIsWorkedOutByHand() {
        // Hello , _ world 2 _ times ! = 1.02 + 0.40 + 0.42 + 1.02 + 1.55 + 0.42 + 1.02 + 0.40 = 6.25
        assertThat(tokens("gpt-4o", "Hello, world2 times!")).isEqualTo(7);
        // 1.15 + 0.38 + 0.20 + 1.15 + 2.80 + 0.20 + 1.15 + 0.38 = 7.41
        assertThat(tokens("gemini-2.5-pro", "Hello, world2 times!")).isEqualTo(8);
        // 1.13 + 0.40 + 0.39 + 1.13 + 1.63 + 0.39 + 1.13 + 0.40 = 6.60
        assertThat(tokens("claude-3-opus", "Hello, world2 times!")).isEqualTo(7);
    }

    @Test
    void aFractionOfATokenIsAToken() {
        assertThat(tokens("gpt-4o", "!")).isEqualTo(1); // 0.40
        assertThat(tokens("gpt-4o", "/")).isEqualTo(1); // 1.00
        assertThat(tokens("gpt-4o", "word")).isEqualTo(2); // 1.02
    }

    @Test
    void noTextIsNoToken() {
        assertThat(tokens("gpt-4o", "")).isZero();
        assertThat(TextEstimator.forModel("gpt-4o").start().add("").tokens()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Gemini-pro", "google/gemini-2.5", "gemini-for-claude"})
    void theFamilyIsFoundAnywhereInTheNameInAnyCase(String model) {
        assertThat(tokens(model, "@".repeat(HUNDRED))).isEqualTo(250);
        assertThat(tokens("Anthropic.CLAUDE-x", "@".repeat(HUNDRED))).isEqualTo(282);
        assertThat(tokens("", "@".repeat(HUNDRED))).isEqualTo(200);
    }

    @Test
    void halvesOfPairsWithoutTheirOtherHalfAreSymbols() {
        assertThat(tokens("gpt-4o", "\ud83d".repeat(HUNDRED))).isEqualTo(40);
        assertThat(tokens("gpt-4o", "\ude00".repeat(HUNDRED))).isEqualTo(40);
        assertThat(tokens("gpt-4o", "\ud83da".repeat(HUNDRED))).isEqualTo(142); // symbol 0.40 + word 1.02
    }

    @Test
    void aPairCutInHalfIsCountedAsAWhole() {
        Estimate estimate = TextEstimator.forModel("gpt-4o").start();

        estimate.add("\ud83d");
        assertThat(estimate.tokens()).isEqualTo(1); // so far a lone half: 0.40
        estimate.add("\ude00");
        assertThat(estimate.tokens()).isEqualTo(3); // an emoji: 2.12
    }

    @Test
    void askingDoesNotDisturbTheEstimate() {
        Estimate estimate = TextEstimator.forModel("gpt-4o").start();
        for (String piece : List.of("wo", "", "rd", "s")) {
            estimate.add(piece);
            assertThat(estimate.tokens()).isEqualTo(estimate.tokens());
        }
        assertThat(estimate.tokens()).isEqualTo(2); // one word: 1.02
    }

    @Property
    void theResultDoesNotDependOnHowTheTextWasCut(
            @ForAll
                    @StringLength(max = 60)
                    @CharRange(from = 'a', to = 'f')
                    @CharRange(from = '0', to = '4')
                    @CharRange(from = ' ', to = '/')
                    @CharRange(from = '\u4e00', to = '\u4e04')
                    @CharRange(from = '\ud83c', to = '\ud83e')
                    @CharRange(from = '\ude00', to = '\ude02')
                    String text,
            @ForAll @IntRange(min = 0, max = 60) int oneCut,
            @ForAll @IntRange(min = 0, max = 60) int otherCut) {
        int first = Math.min(Math.min(oneCut, otherCut), text.length());
        int second = Math.min(Math.max(oneCut, otherCut), text.length());

        Estimate inThree = TextEstimator.forModel("gpt-4o").start();
        inThree.add(text.substring(0, first)).add(text.substring(first, second)).add(text.substring(second));
        Estimate inUnits = TextEstimator.forModel("gpt-4o").start();
        text.chars().forEach(unit -> inUnits.add(Character.toString((char) unit)));

        assertThat(inThree.tokens()).isEqualTo(inUnits.tokens()).isEqualTo(tokens("gpt-4o", text));
    }

    @Property
    void moreTextIsNeverFewerTokens(@ForAll String text, @ForAll char next) {
        Estimate estimate = TextEstimator.forModel("gpt-4o").start().add(text);
        long before = estimate.tokens();

        assertThat(estimate.add(String.valueOf(next)).tokens()).isGreaterThanOrEqualTo(before);
    }

    private static long tokens(String model, String text) {
        return TextEstimator.forModel(model).estimate(text);
    }

    private static String unescaped(String escaped) {
        if (!escaped.startsWith("\\u")) {
            return escaped;
        }
        StringBuilder text = new StringBuilder();
        for (String unit : escaped.substring(2).split("\\\\u", -1)) {
            text.append((char) Integer.parseInt(unit, 16));
        }
        return text.toString();
    }
}
