package io.newapi.core.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusRangesTest {

    @Test
    void singleStatusesAndRangesWithBothEndsAreContained() {
        StatusRanges ranges = StatusRanges.parse("401, 429,500 - 503,");

        assertThat(IntStream.rangeClosed(0, 700).filter(ranges::contains))
                .containsExactly(401, 429, 500, 501, 502, 503);
    }

    @Test
    void noTextMeansNoStatus() {
        StatusRanges ranges = StatusRanges.parse(" ");

        assertThat(IntStream.rangeClosed(0, 700).filter(ranges::contains)).isEmpty();
    }

    @Test
    void theTextIsReadBackAsItWas() {
        String text = "100-199,300-399,401-407,409-499,500-503,505-523,525-599";

        assertThat(StatusRanges.parse(text)).hasToString(text);
        assertThat(StatusRanges.parse("401")).hasToString("401");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "99",
                "600",
                "5xx",
                "503-500",
                "400-",
                "-400",
                "400-401-402",
                "0500",
                "500-1000",
                "500;503",
                "+40"
            })
    void whatIsNoRangeIsRefusedWithItsText(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> StatusRanges.parse(text));
    }

    @Test
    void anEndlessTextIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> StatusRanges.parse("500,".repeat(10_000)));
    }
}
