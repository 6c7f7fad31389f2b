package io.newapi.server.config;

/** A variable's text cannot be read; the message completes the sentence "NAME must be ...", without the text. */
final class BadValueException extends Exception {

    BadValueException(String expected) {
        super(expected);
    }

    /** What would be right, such as {@code must be true or false}. */
    String expected() {
        return String.valueOf(getMessage());
    }
}
