package io.newapi.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuotaAmountTest {

    private static final BigDecimal UNITS_PER_USD = new BigDecimal("500000");

    @ParameterizedTest
    @CsvSource({
        "500000, 500000",
        "0, 0",
        "$1.5, 750000",
        "1.5usd, 750000",
        "1.5 USD, 750000",
        "$0.000002, 1",
        "9223372036854775807, 9223372036854775807"
    })
    void amountsAreExact(String text, long units) {
        assertThat(QuotaAmount.parse(text).units(UNITS_PER_USD)).isEqualTo(units);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5", "$", "$-1", "usd", "1e3", "1,5", "$1.5usd", "12345678901234567890"})
    void otherTextsAreRefusedWithTheText(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> QuotaAmount.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"$0.0000001", "$99999999999999999"})
    void whatIsNoWholeNumberOf64BitsIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QuotaAmount.parse(text).units(UNITS_PER_USD))
                .withMessageContaining(text);
    }
}
