package io.newapi.server.snapshot;

/** A value that an option cannot have, or an option that does not exist. The message is fit to be shown to an administrator. */
public final class InvalidOptionException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String key;
    private final String reason;

    /** Says what is wrong with the value for {@code key}. */
    public InvalidOptionException(String key, String message) {
        super(key + ": " + message);
        this.key = key;
        this.reason = message;
    }

    /** What is wrong, without the option's name. */
    public String reason() {
        return reason;
    }

    /** The option. */
    public String key() {
        return key;
    }
}
