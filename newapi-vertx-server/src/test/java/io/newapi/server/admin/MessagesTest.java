package io.newapi.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MessagesTest {

    private static final Pattern PLACE = Pattern.compile("\\{\\d}");
    private final Messages messages = new Messages();

    @ParameterizedTest
    @EnumSource(Message.class)
    void everyLanguageHasTheTextWithTheSamePlaces(Message message) {
        long places = places(messages.text("en", message));

        assertThat(places(messages.text("zh", message))).isEqualTo(places);
        assertThat(places(messages.text("ja", message))).isEqualTo(places);
        assertThat(messages.text("zh", message)).isNotEqualTo(messages.text("en", message));
        assertThat(messages.text("ja", message)).isNotEqualTo(messages.text("en", message));
    }

    @Test
    void argumentsGoToTheirPlaces() {
        assertThat(messages.text("en", Message.TOO_MANY_REQUESTS, 7)).isEqualTo("Too many requests. Try again in 7 s.");
    }

    @Test
    void anUnknownLanguageReadsEnglish() {
        assertThat(messages.text("fr", Message.SETUP_DONE)).isEqualTo(messages.text("en", Message.SETUP_DONE));
        assertThat(messages.speaks("fr")).isFalse();
    }

    private static long places(String text) {
        return PLACE.matcher(text).results().count();
    }
}
