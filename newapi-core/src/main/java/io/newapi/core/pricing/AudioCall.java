package io.newapi.core.pricing;

/** The kinds of call that tell audio from text in both directions. */
public enum AudioCall {
    /** A chat completion or response with audio. */
    CHAT("audio"),
    /** A realtime connection; all of its turns are one call. */
    REALTIME("ws");

    private final String key;

    AudioCall(String key) {
        this.key = key;
    }

    /** The flag that log rows carry. */
    public String key() {
        return key;
    }

    /** Whether chat completions and responses of {@code model} are priced so. */
    public static boolean isAudioChat(String model) {
        return model.startsWith("gpt-4o-audio");
    }
}
