package io.newapi.core.access;

/** Why a call is not admitted. */
public enum Denial {
    TOKEN_DISABLED(true),
    TOKEN_EXPIRED(true),
    TOKEN_EXHAUSTED(true),
    USER_DISABLED(false),
    ADDRESS_NOT_ALLOWED(false),
    GROUP_NOT_ALLOWED(false),
    GROUP_DEPRECATED(false),
    MODEL_NOT_ALLOWED(false),
    CHANNEL_PIN_NOT_ALLOWED(false);

    private final boolean credentialRefused;

    Denial(boolean credentialRefused) {
        this.credentialRefused = credentialRefused;
    }

    /**
     * Whether the credential itself is not good (over HTTP: 401), as opposed to a good one that is not enough for what was
     * asked (403).
     */
    public boolean credentialRefused() {
        return credentialRefused;
    }
}
