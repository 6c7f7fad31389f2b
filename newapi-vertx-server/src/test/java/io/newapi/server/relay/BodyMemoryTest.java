package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BodyMemoryTest {

    private final BodyMemory memory = new BodyMemory(100);

    @Test
    void sharesTogetherTakeNoMoreThanThereIs() {
        BodyMemory.Share one = memory.share();
        BodyMemory.Share other = one.another();

        assertThat(one.take(60)).isTrue();
        assertThat(other.take(41)).isFalse();
        assertThat(other.take(40)).isTrue();
        assertThat(memory.heldBytes()).isEqualTo(100);
    }

    @Test
    void aShareIsGivenBackOnceAndAsAWhole() {
        BodyMemory.Share one = memory.share();
        BodyMemory.Share other = memory.share();
        assertThat(one.take(10) && one.take(20) && other.take(30)).isTrue();

        one.close();
        one.close();

        assertThat(memory.heldBytes()).isEqualTo(30);
        assertThat(one.take(1)).isFalse();
    }
}
