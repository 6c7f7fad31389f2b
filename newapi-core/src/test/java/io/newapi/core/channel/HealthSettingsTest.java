package io.newapi.core.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthSettingsTest {

    private static final HealthSettings DEFAULT = HealthSettings.DEFAULT;

    @ParameterizedTest
    @CsvSource({"4,0,false", "5,0,true", "5,5,true", "5,6,false", "50,51,false", "50,50,true", "1000000000,1,true"})
    void bothTheNumberAndThePartOfFailuresMustBeReached(long failed, long succeeded, boolean tooMany) {
        assertThat(DEFAULT.tooMany(failed, succeeded)).isEqualTo(tooMany);
    }

    @Test
    void aCoolDownNeverOverflows() {
        assertThat(DEFAULT.coolDown(Integer.MAX_VALUE)).isEqualTo(DEFAULT.maxCoolDown());
    }

    @Test
    void senselessNumbersAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> settings(0, 50, 10, 5, 60));
        assertThatIllegalArgumentException().isThrownBy(() -> settings(5, 0, 10, 5, 60));
        assertThatIllegalArgumentException().isThrownBy(() -> settings(5, 101, 10, 5, 60));
        assertThatIllegalArgumentException().isThrownBy(() -> settings(5, 50, 0, 5, 60));
        assertThatIllegalArgumentException().isThrownBy(() -> settings(5, 50, 10, 0, 60));
        assertThatIllegalArgumentException().isThrownBy(() -> settings(5, 50, 10, 61, 60));
        assertThatIllegalArgumentException().isThrownBy(() -> settings(5, 50, 86_401, 5, 60));
    }

    private static HealthSettings settings(int failures, int percent, long window, long coolDown, long most) {
        return new HealthSettings(
                true,
                Duration.ofSeconds(window),
                failures,
                percent,
                Duration.ofSeconds(coolDown),
                Duration.ofSeconds(most),
                Duration.ZERO,
                false);
    }
}
