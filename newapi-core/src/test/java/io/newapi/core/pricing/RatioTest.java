package io.newapi.core.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RatioTest {

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "1.0, 1",
        "1e0, 1",
        "0100, 100",
        "0.10, 0.1",
        "1.5e3, 1500",
        "15E-4, 0.0015",
        "0, 0",
        "0.000, 0",
        "0e999, 0",
        "-0, 0",
        "23.333333333333332, 23.333333333333332",
        "999999999999999, 999999999999999",
        "0.0000000000000000000000000000000000000001, 0.0000000000000000000000000000000000000001",
        "123456789012345.1234567890123456789012345, 123456789012345.1234567890123456789012345",
    })
    void textIsReadExactlyAndPrintedInItsShortestPlainForm(String text, String plain) {
        assertThat(Ratio.parse(text)).hasToString(plain);
        assertThat(Ratio.parse(text).toBigDecimal()).isEqualTo(new BigDecimal(plain));
    }

    @Test
    void oneTenthIsOneTenth() {
        assertThat(Ratio.parse("0.1").toBigDecimal().multiply(BigDecimal.valueOf(3)))
                .isEqualByComparingTo(new BigDecimal("0.3"));
    }

    @Test
    void equalValuesAreEqualHoweverTheyWereWritten() {
        assertThat(Ratio.parse("1.0"))
                .isEqualTo(Ratio.ONE)
                .isEqualTo(Ratio.of(1))
                .isEqualTo(Ratio.of(new BigDecimal("1.000")))
                .hasSameHashCodeAs(Ratio.ONE)
                .isEqualByComparingTo(Ratio.parse("1e0"))
                .isNotEqualTo(Ratio.parse("1.0000000000000000000000000000000000001"));
    }

    @Test
    void ratiosAreOrderedByValue() {
        assertThat(Ratio.parse("0.9")).isLessThan(Ratio.parse("0.10e1"));
        assertThat(Ratio.parse("10")).isGreaterThan(Ratio.parse("9"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "abc",
                "NaN",
                "Infinity",
                "1,5",
                "1_000",
                ".5",
                "5.",
                "+1",
                "0x10",
                "1e",
                "1e1.5",
                "1 ",
                " 1",
                "\u0661",
                "1e0001",
                "1/2"
            })
    void textThatIsNoDecimalNumberIsRefusedWithTheText(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ratio.parse(text))
                .withMessage("ratio is not a decimal number: \"" + text + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "-0.000001", "-1e-30"})
    void negativeNumbersAreRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ratio.parse(text))
                .withMessageStartingWith("ratio must not be negative: -");
    }

    @Test
    void fortyOneSignificantDigitsAreTooMany() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ratio.parse("123456789012345.12345678901234567890123456"))
                .withMessageContaining("more than 40 significant digits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e-41", "1e-999"})
    void moreThanFortyDecimalsAreTooMany(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ratio.parse(text))
                .withMessageContaining("more than 40 digits after the point: 1E-");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1000000000000000", "1e15", "1e999"})
    void tenToTheFifteenthIsTooLarge(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ratio.parse(text))
                .withMessageContaining("must be less than 10 to the power of 15");
    }

    @Test
    void longTextIsRefusedUnread() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ratio.parse("1".repeat(101)))
                .withMessageContaining("101 characters");
    }

    @Test
    void foreignDecimalsAreBoundedBeforeAnythingIsComputed() {
        assertThatIllegalArgumentException().isThrownBy(() -> Ratio.of(new BigDecimal("1e999999999")));
        assertThatIllegalArgumentException().isThrownBy(() -> Ratio.of(new BigDecimal("1e-999999999")));
        assertThatIllegalArgumentException().isThrownBy(() -> Ratio.of(new BigDecimal("-1e999999999")));
        assertThatIllegalArgumentException().isThrownBy(() -> Ratio.of(BigDecimal.TEN.pow(5_000)));
        assertThat(Ratio.of(new BigDecimal("0e999999999"))).isEqualTo(Ratio.ZERO);
    }
}
