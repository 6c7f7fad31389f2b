package io.newapi.core.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpiryTest {

    private static final Instant LAST = Instant.parse("2026-03-01T00:00:00Z");

    @Test
    void theLastInstantIsStillGoodAndTheNextIsNot() {
        assertThat(Expiry.at(LAST).passed(LAST)).isFalse();
        assertThat(Expiry.at(LAST).passed(LAST.plusNanos(1))).isTrue();
    }

    @Test
    void neverDoesNotPass() {
        assertThat(Expiry.never().passed(Instant.MAX)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, -2, 1, 1_772_323_200L})
    void theStoredFormIsReadBackAsItWas(long stored) {
        assertThat(Expiry.ofEpochSecond(stored).epochSecond()).isEqualTo(stored);
    }

    @Test
    void onlyMinusOneMeansNever() {
        assertThat(Expiry.ofEpochSecond(-1)).isEqualTo(Expiry.never());
        assertThat(Expiry.ofEpochSecond(0).passed(LAST)).isTrue();
        assertThat(Expiry.ofEpochSecond(-2).passed(LAST)).isTrue();
    }

    @Test
    void aStoredNumberBeyondTheCalendarIsFarAway() {
        assertThat(Expiry.ofEpochSecond(Long.MAX_VALUE).passed(LAST)).isFalse();
        assertThat(Expiry.ofEpochSecond(Long.MIN_VALUE).passed(LAST)).isTrue();
    }
}
