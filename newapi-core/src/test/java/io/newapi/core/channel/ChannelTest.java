package io.newapi.core.channel;

import static io.newapi.core.channel.Channels.channel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelTest {

    private static final String SECRET = "sk-very-secret";

    @ParameterizedTest
    @EnumSource
    void everyStatusIsReadBackFromItsCode(ChannelStatus status) {
        assertThat(ChannelStatus.fromCode(status.code())).isEqualTo(status);
    }

    @Test
    void theStatusCodesAreNewApisAndOthersAreUnknown() {
        assertThat(ChannelStatus.values()).extracting(ChannelStatus::code).containsExactly(0, 1, 2, 3);
        assertThat(ChannelStatus.fromCode(17)).isEqualTo(ChannelStatus.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({"random,RANDOM", "polling,POLLING", "'',RANDOM", "other,RANDOM"})
    void aKeyModeIsReadFromItsText(String text, KeyMode mode) {
        assertThat(KeyMode.fromText(text)).isEqualTo(mode);
    }

    @Test
    void noTextOfAChannelOrItsPartsShowsAKey() {
        ChannelKeys single = ChannelKeys.single(SECRET);
        ChannelKeys multi = ChannelKeys.multi(List.of(new ChannelKeys.Slot(0, SECRET, true)), KeyMode.RANDOM);
        SelectedKey key = new SelectedKey(0, SECRET);
        Channel channel = channel(1)
                .keys(single)
                .baseUrl("https://user:" + SECRET + "@example.com")
                .build();
        Selection.Selected selected = new Selection.Selected("default", channel, key);

        assertThat(List.of(
                        single,
                        multi,
                        multi.slots(),
                        single.slots(),
                        key,
                        channel,
                        channel.toBuilder().keys(multi).build(),
                        selected,
                        Tried.nothing().and(selected)))
                .allSatisfy(part -> assertThat(part.toString()).doesNotContain(SECRET));
    }

    @Test
    void namesOfGroupsAndModelsAreTrimmedAndKeepTheirOrder() {
        Channel channel = channel(1)
                .groups(List.of(" vip", "default ", "", "vip"))
                .models(List.of("o3 ", " gpt-4o", " "))
                .build();

        assertThat(channel.groups()).containsExactly("vip", "default");
        assertThat(channel.models()).containsExactly("o3", "gpt-4o");
    }

    @Test
    void aBuilderOfAChannelBuildsTheSameChannel() {
        Channel channel = channel(3)
                .type(14)
                .name("claude")
                .status(ChannelStatus.AUTO_DISABLED)
                .priority(-5)
                .weight(9)
                .keys(Channels.keys(KeyMode.POLLING, true, false))
                .baseUrl("https://example.com")
                .organization("org")
                .modelMapping(Map.of("a", "b"))
                .statusCodeMapping(Map.of(429, 503))
                .autoBan(false)
                .build();

        assertThat(channel.toBuilder().build()).isEqualTo(channel);
    }

    @Test
    void onlyAnEnabledChannelWithAnEnabledKeyIsServing() {
        assertThat(channel(1).build().serving()).isTrue();
        assertThat(channel(1)
                        .keys(Channels.keys(KeyMode.RANDOM, false, true))
                        .build()
                        .serving())
                .isTrue();
        assertThat(channel(1)
                        .keys(Channels.keys(KeyMode.RANDOM, false, false))
                        .build()
                        .serving())
                .isFalse();
        for (ChannelStatus status : ChannelStatus.values()) {
            assertThat(channel(1).status(status).build().serving()).isEqualTo(status == ChannelStatus.ENABLED);
        }
    }

    @Test
    void anUpstreamStatusIsReportedAsMapped() {
        Channel channel = channel(1).statusCodeMapping(Map.of(429, 503)).build();

        assertThat(channel.reportedStatus(429)).isEqualTo(503);
        assertThat(channel.reportedStatus(500)).isEqualTo(500);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 99, 600, -1})
    void aMappingToWhatIsNoStatusIsRefused(int status) {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> channel(1).statusCodeMapping(Map.of(429, status)).build())
                .withMessageContaining(Integer.toString(status));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Channel.MAX_WEIGHT + 1, Long.MIN_VALUE})
    void aWeightOutsideItsRangeIsRefused(long weight) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> channel(1, 0, weight))
                .withMessageContaining(Long.toString(weight));
    }

    @Test
    void severalKeysNeedIndexesOfTheirOwn() {
        ChannelKeys.Slot slot = new ChannelKeys.Slot(2, "a", true);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChannelKeys.multi(List.of(slot, slot), KeyMode.RANDOM))
                .withMessageContaining("2");
        assertThatIllegalArgumentException().isThrownBy(() -> ChannelKeys.multi(List.of(), KeyMode.RANDOM));
    }
}
