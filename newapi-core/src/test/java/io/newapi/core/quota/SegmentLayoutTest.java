package io.newapi.core.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SegmentLayoutTest {

    private static final SegmentLayout GROWING = new SegmentLayout(1_024, 8_192, 512);

    @Test
    void segmentsDoubleUntilTheyHaveTheirFullSizeAndFollowEachOther() {
        long position = 0;
        int[] sizes = {1_024, 2_048, 4_096, 8_192, 8_192, 8_192};
        for (int number = 0; number < sizes.length; number++) {
            assertThat(GROWING.bytes(number)).isEqualTo(sizes[number]);
            assertThat(GROWING.start(number)).isEqualTo(position);
            for (long at = position; at < position + sizes[number]; at += 8) {
                assertThat(GROWING.numberAt(at)).isEqualTo(number);
            }
            position += sizes[number];
        }
    }

    @Test
    void aJournalMayGrowBeyondFourGigabytes() {
        SegmentLayout layout = JournalSettings.DEFAULT.layout();

        assertThat(layout.numberAt(layout.start(1_000))).isEqualTo(1_000);
        assertThat(layout.numberAt(layout.start(1_000) - 1)).isEqualTo(999);
    }

    @Test
    void nothingStandsInAHeader() {
        assertThat(GROWING.behindHeader(0)).isEqualTo(512);
        assertThat(GROWING.behindHeader(1_000)).isEqualTo(1_000);
        assertThat(GROWING.behindHeader(1_024)).isEqualTo(1_536);
        assertThat(GROWING.behindSegment(1)).isEqualTo(3_072 + 512);
    }

    @Test
    void sizesThatDoNotDoubleAreRefused() {
        assertThatThrownBy(() -> new SegmentLayout(1_024, 3_072, 512)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JournalSettings.DEFAULT.withSegmentBytes(1_000_000))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JournalSettings.DEFAULT.withMaxBytes(200L * 1024 * 1024))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
