package io.newapi.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsumeLogEntryTest {

    @Property(tries = 100)
    void whatIsWrittenIsReadBack(@ForAll String text, @ForAll long number, @ForAll boolean flag) {
        ConsumeLogEntry entry = new ConsumeLogEntry(
                number, text, text, text, number, number, flag, text, text, text, text, text, text, number, number, number,
                number, number, flag, !flag);

        assertThat(ConsumeLogEntry.fromJson(entry.toJson())).isEqualTo(entry);
    }

    @Test
    void whatALaterVersionAddsIsPassedOver() {
        assertThat(ConsumeLogEntry.fromJson("{\"uid\":7,\"later\":{\"x\":[1]},\"model\":\"m\"}"))
                .satisfies(entry -> {
                    assertThat(entry.userId()).isEqualTo(7);
                    assertThat(entry.modelName()).isEqualTo("m");
                    assertThat(entry.content()).isEmpty();
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{\"uid\":99999999999999999999999}", "x"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> ConsumeLogEntry.fromJson(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
