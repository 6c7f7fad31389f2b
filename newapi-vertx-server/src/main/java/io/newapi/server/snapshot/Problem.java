package io.newapi.server.snapshot;

/**
 * Something in the database that cannot be used as it is.
 *
 * @param subject the option's key, or the channel, such as {@code channel 12}
 * @param message what is wrong and what is done instead; without secrets
 */
public record Problem(String subject, String message) {

    @Override
    public String toString() {
        return subject + ": " + message;
    }
}
