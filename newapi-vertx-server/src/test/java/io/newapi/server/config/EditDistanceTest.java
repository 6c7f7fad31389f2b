package io.newapi.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EditDistanceTest {

    @ParameterizedTest
    @CsvSource({
        "PORT, PORT, 0",
        "PORT, PROT, 1",
        "PORT, PORTS, 1",
        "PORT, ORT, 1",
        "PORT, FORT, 1",
        "PORT, '', 4",
        "ABC, CA, 3"
    })
    void lettersAreInsertedLeftOutReplacedAndSwapped(String left, String right, int distance) {
        assertThat(EditDistance.between(left, right)).isEqualTo(distance);
        assertThat(EditDistance.between(right, left)).isEqualTo(distance);
    }
}
