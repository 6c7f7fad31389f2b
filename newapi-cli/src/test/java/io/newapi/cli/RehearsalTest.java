package io.newapi.cli;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class RehearsalTest {

    @Test
    void theRehearsalGoesThroughWithoutAGateway() {
        assertThatCode(Rehearsal::run).doesNotThrowAnyException();
    }
}
