package io.newapi.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class PasswordsTest {

    private final Passwords passwords = new Passwords();

    @Test
    void aHashBelongsToItsPasswordOnly() {
        String hash = passwords.hash("correct horse");

        assertThat(hash).startsWith("$2a$10$").hasSize(60);
        assertThat(passwords.matches("correct horse", hash)).isTrue();
        assertThat(passwords.matches("correct hors", hash)).isFalse();
    }

    @Test
    void theThreeSpellingsOfTheVersionAreTheSameHash() {
        String tail = passwords.hash("pässwörd-日本").substring(4);

        assertThat(passwords.matches("pässwörd-日本", "$2a$" + tail)).isTrue();
        assertThat(passwords.matches("pässwörd-日本", "$2b$" + tail)).isTrue();
        assertThat(passwords.matches("pässwörd-日本", "$2y$" + tail)).isTrue();
        assertThat(passwords.matches("pässwörd-日本", "$2x$" + tail)).isFalse();
    }

    @Test
    void aMissingOrForeignHashBelongsToNoPassword() {
        assertThat(passwords.matches("", "")).isFalse();
        assertThat(passwords.matches("x", "x")).isFalse();
        assertThat(passwords.matches("x", "$2a$10$short")).isFalse();
    }

    @Test
    void anOverlongPasswordIsRefusedNotCut() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> passwords.hash("x".repeat(72)))
                .withMessageContaining("72");
        assertThat(passwords.matches("x".repeat(100), passwords.hash("x".repeat(71))))
                .isFalse();
    }
}
