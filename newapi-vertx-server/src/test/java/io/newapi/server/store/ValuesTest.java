package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages, dates and the JSON of several keys. */
class ValuesTest {

    private static final DateText DATES = DateText.withZone();

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-,-,-,-,1,10",
                "0,0,0,0,1,10",
                "3,20,30,40,3,20",
                "3,0,30,40,3,30",
                "3,-,-,40,3,40",
                "-1,-1,-,-,1,1",
                "2,1000,-,-,2,100",
                "x,y,-,-,1,10",
                "99999999999999,99999999999999,-,-,1,10"
            })
    void pageParametersAreReadAndClamped(String p, String pageSize, String ps, String size, int page, int rows) {
        assertThat(PageRequest.parse(p, pageSize, ps, size)).isEqualTo(new PageRequest(page, rows));
    }

    @Test
    void thePageBeforeCountsForTheOffset() {
        assertThat(new PageRequest(1, 10).offset()).isZero();
        assertThat(new PageRequest(PageRequest.MAX_PAGE, 100).offset()).isEqualTo(999_999_900L);
    }

    @Test
    void aMappedPageKeepsItsNumbers() {
        Page<String> page = new Page<>(List.of(1, 2), 7, PageRequest.first()).map(i -> "n" + i);

        assertThat(page).isEqualTo(new Page<>(List.of("n1", "n2"), 7, PageRequest.first()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2025-12-01 10:20:30.5+00:00",
                "2025-12-01 18:20:30.5+08:00",
                "2025-12-01T10:20:30.5Z",
                "2025-12-01 10:20:30.5",
                "2025-12-01 10:20:30.5+00",
                "2025-12-01 18:20:30.5+08",
                "2025-12-01 18:20:30.5 +0800 CST",
                "2025-12-01 10:20:30.5 +0000 UTC m=+12.345"
            })
    void timesOfTheOriginalAreRead(String text) {
        assertThat(DATES.parse(text)).isEqualTo(Instant.parse("2025-12-01T10:20:30.500Z"));
    }

    @Test
    void aDeletedRowStaysDeletedWhateverItsTimeLooksLike() {
        assertThat(DATES.parse("yesterday")).isEqualTo(Instant.EPOCH);
        assertThat(DATES.parse(null)).isNull();
        assertThat(DATES.parse("")).isNull();
    }

    @Test
    void aTimeWithoutZoneIsOneOfTheZoneThatTheOriginalWasTold() {
        DateText shanghai = DateText.withoutZone(ZoneId.of("Asia/Shanghai"));
        Instant time = Instant.parse("2025-12-01T10:20:30.500Z");

        assertThat(shanghai.of(time)).isEqualTo("2025-12-01 18:20:30.500");
        assertThat(shanghai.parse("2025-12-01 18:20:30.5")).isEqualTo(time);
    }

    @Test
    void aTimeIsWrittenInUtc() {
        assertThat(DATES.of(Instant.parse("2026-01-02T03:04:05.006Z"))).isEqualTo("2026-01-02 03:04:05.006+00:00");
        assertThat(DATES.parse(DATES.of(TestDatabase.NOW))).isEqualTo(TestDatabase.NOW);
    }

    @Test
    void theJsonOfSeveralKeysIsReadAndWritten() {
        ChannelInfo info = new ChannelInfo(true, 3, Map.of(2, 3, 0, 2), Map.of(2, "401"), Map.of(2, 99L), 1, "polling");

        assertThat(info.toJson())
                .isEqualTo("{\"is_multi_key\":true,\"multi_key_size\":3,\"multi_key_status_list\":{\"0\":2,\"2\":3},"
                        + "\"multi_key_disabled_reason\":{\"2\":\"401\"},\"multi_key_disabled_time\":{\"2\":99},"
                        + "\"multi_key_polling_index\":1,\"multi_key_mode\":\"polling\"}");
        assertThat(ChannelInfo.parse(info.toJson())).isEqualTo(info);
    }

    @Test
    void anAbsentOrEmptyListOfKeysIsASingleKey() {
        assertThat(ChannelInfo.parse("")).isEqualTo(ChannelInfo.SINGLE);
        assertThat(ChannelInfo.parse("null")).isEqualTo(ChannelInfo.SINGLE);
        assertThat(ChannelInfo.parse("{\"multi_key_status_list\":null}")).isEqualTo(ChannelInfo.SINGLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "5", "{\"multi_key_status_list\":{\"x\":3}}"})
    void jsonOfAnotherShapeIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChannelInfo.parse(text))
                .withMessageContaining("channel_info");
    }

    @Test
    void kindsHaveTheCodesOfTheLeaseTable() {
        assertThat(AccountKind.fromCode(1)).isEqualTo(AccountKind.USER);
        assertThat(AccountKind.fromCode(2)).isEqualTo(AccountKind.TOKEN);
        assertThatIllegalArgumentException().isThrownBy(() -> AccountKind.fromCode(3));
    }
}
