package io.newapi.core.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.newapi.core.quota.Quota;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QuoteTest {

    @Test
    void aZeroModelRatioPriceOrGroupRatioMakesACallFree() {
        assertThat(byRatio("0", "1").free()).isTrue();
        assertThat(byRatio("1", "0").free()).isTrue();
        assertThat(byRatio("0.0000001", "0.0000001").free()).isFalse();
        assertThat(perCall("0", "1").free()).isTrue();
        assertThat(perCall("1", "0").free()).isTrue();
        assertThat(perCall("0.01", "1").free()).isFalse();
    }

    @Test
    void aReservationThatSixtyFourBitsCannotHoldIsRefused() {
        assertThat(byRatio("1", "1").reservation(Long.MAX_VALUE, 0)).isEqualTo(Quota.of(Long.MAX_VALUE));
        assertThatExceptionOfType(AmountOverflowException.class)
                .isThrownBy(() -> byRatio("1", "1").reservation(Long.MAX_VALUE, 1))
                .withMessageContaining("9223372036854775808");
        assertThatExceptionOfType(AmountOverflowException.class)
                .isThrownBy(() -> byRatio("37.5", "1").reservation(Long.MAX_VALUE / 37, 0));
        assertThatExceptionOfType(AmountOverflowException.class)
                .isThrownBy(() -> perCall("999999999999999", "1").reservation(0, 0));
    }

    @Test
    void aSmallGroupRatioBringsAnOverflowingProductBackIntoRange() {
        assertThat(byRatio("2", "0.5").reservation(Long.MAX_VALUE, 0)).isEqualTo(Quota.of(Long.MAX_VALUE));
    }

    @Test
    void negativeCountsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> byRatio("1", "1").reservation(-1, 0))
                .withMessage("estimatedPromptTokens must not be negative: -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> byRatio("1", "1").reservation(0, -2))
                .withMessage("maxCompletionTokens must not be negative: -2");
    }

    private static Quote byRatio(String modelRatio, String groupRatio) {
        return quote(RatioTable.MODEL_RATIO, modelRatio, groupRatio);
    }

    private static Quote perCall(String priceUsd, String groupRatio) {
        return quote(RatioTable.MODEL_PRICE, priceUsd, groupRatio);
    }

    private static Quote quote(RatioTable table, String price, String groupRatio) {
        return Calls.quote(PriceBook.builder()
                .withTable(table, Map.of(Calls.MODEL, Ratio.parse(price)))
                .withGroupRatios(Map.of(Calls.GROUP, Ratio.parse(groupRatio)))
                .build());
    }
}
