package io.newapi.server.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A text that must not be seen: {@link #toString()} hides it, so that it cannot slip into a log or a message.
 *
 * <p>Immutable.
 */
public final class Secret {

    private final String text;

    private Secret(String text) {
        this.text = text;
    }

    /** @throws IllegalArgumentException if the text is empty, because an empty key protects nothing */
    public static Secret of(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("a secret must not be empty");
        }
        return new Secret(text);
    }

    /** The text itself; call this only where it is used as a key. */
    public String reveal() {
        return text;
    }

    /** The text in UTF-8, in a new array. */
    public byte[] revealUtf8() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Compares in a time that does not depend on where two texts of the same length differ. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that && MessageDigest.isEqual(revealUtf8(), that.revealUtf8());
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return "Secret[***]";
    }
}
