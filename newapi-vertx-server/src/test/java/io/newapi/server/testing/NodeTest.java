package io.newapi.server.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeTest {
    @ParameterizedTest
    @CsvSource({"v20.20.2, 20", "v8.0.0, 8", "v24.1.0-rc.1, 24"})
    void theMajorVersionIsReadFromTheAnswer(String answer, int major) {
        assertThat(Node.parseMajor(answer + "\n")).isEqualTo(major);
    }

    @ParameterizedTest
    @CsvSource({"20.1.0", "''", "node: not found", "v.1", "v99999999999.1"})
    void anyOtherAnswerIsNoVersion(String answer) {
        assertThat(Node.parseMajor(answer)).isZero();
    }
}
