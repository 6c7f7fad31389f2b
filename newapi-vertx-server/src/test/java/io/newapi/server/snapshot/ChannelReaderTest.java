package io.newapi.server.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.channel.ChannelSwitch;
import io.newapi.server.store.ChannelRow;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelReaderTest {

    private static ChannelRow row(String settings) {
        return new ChannelRow(
                1,
                1,
                "key",
                "",
                "",
                1,
                "name",
                0,
                0,
                0,
                0,
                "",
                "",
                BigDecimal.ZERO,
                0,
                "m",
                "default",
                0,
                "",
                "",
                0,
                1,
                "",
                "",
                "",
                "",
                "",
                "",
                "",
                settings);
    }

    @Test
    void whatTheSettingsSwitchOnIsOn() {
        assertThat(ChannelReader.read(row("{\"allow_service_tier\":true,\"allow_speed\":false,\"other\":1,"
                                + "\"disable_stream_options\":true}"))
                        .switches())
                .containsExactlyInAnyOrder(ChannelSwitch.ALLOW_SERVICE_TIER, ChannelSwitch.DISABLE_STREAM_OPTIONS);
    }

    @Test
    void theVersionOfAzureForResponsesStandsThere() {
        assertThat(ChannelReader.read(row("{\"azure_responses_version\":\"2025-03-01-preview\"}"))
                        .responsesVersion())
                .isEqualTo("2025-03-01-preview");
        assertThat(ChannelReader.read(row("{")).responsesVersion()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "null", "{", "[]", "{\"allow_service_tier\":\"maybe\"}"})
    void settingsThatSayNothingSwitchNothingOn(String settings) {
        assertThat(ChannelReader.read(row(settings)).switches()).isEmpty();
    }
}
