package io.newapi.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SecretTest {

    @Test
    void itsTextIsShownOnlyWhenAskedFor() {
        Secret secret = Secret.of("hunter2é");

        assertThat(secret).hasToString("Secret[***]");
        assertThat(secret.reveal()).isEqualTo("hunter2é");
        assertThat(secret.revealUtf8()).hasSize(9);
    }

    @Test
    void secretsOfTheSameTextAreEqual() {
        assertThat(Secret.of("a")).isEqualTo(Secret.of("a")).hasSameHashCodeAs(Secret.of("a"));
        assertThat(Secret.of("a")).isNotEqualTo(Secret.of("b"));
    }

    @Test
    void anEmptyTextIsNoSecret() {
        assertThatThrownBy(() -> Secret.of("")).isInstanceOf(IllegalArgumentException.class);
    }
}
