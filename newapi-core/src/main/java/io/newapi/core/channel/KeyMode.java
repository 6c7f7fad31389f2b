package io.newapi.core.channel;

/** How a channel with several keys chooses the key for a call. Stored by its {@link #text()}. */
public enum KeyMode {
    /** Any enabled key, each as likely as the others. */
    RANDOM("random"),
    /** The enabled keys in turn. */
    POLLING("polling");

    private final String text;

    KeyMode(String text) {
        this.text = text;
    }

    /** The stored text. */
    public String text() {
        return text;
    }

    /** The mode stored as {@code text}; {@link #RANDOM} for the empty text and any that nobody knows. */
    public static KeyMode fromText(String text) {
        return text.equals(POLLING.text) ? POLLING : RANDOM;
    }
}
