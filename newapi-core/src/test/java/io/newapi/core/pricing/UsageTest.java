package io.newapi.core.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class UsageTest {

    @Test
    void aNegativeCounterIsRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Usage.of(0, -1))
                .withMessage("completionTokens must be from 0 to 9007199254740991: -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Usage.of(1, 1).withCacheWriteSplit(0, -7))
                .withMessageStartingWith("cacheWrite1hTokens")
                .withMessageEndingWith(": -7");
    }

    @Test
    void aCounterThatJsonCannotCarryExactlyIsRefused() {
        assertThat(Usage.of(Usage.MAX_COUNT, 0).promptTokens()).isEqualTo(9_007_199_254_740_991L);
        assertThatIllegalArgumentException().isThrownBy(() -> Usage.of(Usage.MAX_COUNT + 1, 0));
    }

    @Test
    void anyCounterMakesAUsage() {
        Usage nothing = Usage.of(0, 0);

        assertThat(nothing.isZero()).isTrue();
        assertThat(nothing.withSemantics(UsageSemantics.ANTHROPIC).isZero()).isTrue();
        assertThat(Usage.of(1, 0).isZero()).isFalse();
        assertThat(Usage.of(0, 1).isZero()).isFalse();
        assertThat(nothing.withCachedTokens(1).isZero()).isFalse();
        assertThat(nothing.withCacheWriteTokens(1).isZero()).isFalse();
        assertThat(nothing.withCacheWriteSplit(1, 0).isZero()).isFalse();
        assertThat(nothing.withCacheWriteSplit(0, 1).isZero()).isFalse();
        assertThat(nothing.withImageTokens(1).isZero()).isFalse();
        assertThat(nothing.withAudioTokens(1).isZero()).isFalse();
    }

    @Test
    void eachWithChangesItsOwnCounterOnly() {
        Usage usage = Usage.of(1, 2)
                .withCachedTokens(3)
                .withCacheWriteTokens(40)
                .withCacheWriteSplit(5, 6)
                .withImageTokens(7)
                .withAudioTokens(8)
                .withSemantics(UsageSemantics.ANTHROPIC);

        assertThat(usage).isEqualTo(new Usage(1, 2, 3, 40, 5, 6, 7, 8, UsageSemantics.ANTHROPIC));
    }

    @Test
    void writtenIsTheAggregateOrTheSumOfItsPartsWhicheverIsMore() {
        assertThat(Usage.of(0, 0)
                        .withCacheWriteTokens(100)
                        .withCacheWriteSplit(30, 20)
                        .writtenTokens())
                .isEqualTo(100);
        assertThat(Usage.of(0, 0)
                        .withCacheWriteTokens(10)
                        .withCacheWriteSplit(30, 20)
                        .writtenTokens())
                .isEqualTo(50);
    }
}
