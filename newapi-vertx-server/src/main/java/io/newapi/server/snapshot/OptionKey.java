package io.newapi.server.snapshot;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * One option: its name, what its text must look like, and what it is when it was never stored.
 *
 * @param name the key in the table {@code options}
 * @param kind the form of the text
 * @param defaultText the text that counts when there is no row
 * @param secret whether the value may never be shown
 * @param check refuses values of the right form that make no sense, by {@link IllegalArgumentException}
 */
public record OptionKey(String name, Kind kind, String defaultText, boolean secret, Consumer<String> check) {

    /** The longest value, in bytes of UTF-8. */
    public static final int MAX_BYTES = 4 << 20;

    private static final int MAX_NUMBER_LENGTH = 40;

    /** The form of an option's text. */
    public enum Kind {
        /** {@code true} or {@code false}. */
        FLAG,
        /** A whole number of 64 bits. */
        WHOLE_NUMBER,
        /** A decimal number, exact. */
        DECIMAL,
        /** Any text. */
        TEXT,
        /** A JSON value; the check knows which. */
        JSON
    }

    /**
     * The text to store for a value that somebody entered.
     *
     * @throws InvalidOptionException if the option cannot have this value; the message does not repeat a secret
     */
    public String normalised(String value) {
        if (value.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new InvalidOptionException(name, "longer than " + MAX_BYTES + " bytes");
        }
        try {
            String text = switch (kind) {
                case FLAG -> flag(value);
                case WHOLE_NUMBER -> Long.toString(wholeNumber(value));
                case DECIMAL -> decimal(value).toPlainString();
                case TEXT, JSON -> value;
            };
            check.accept(text);
            return text;
        } catch (IllegalArgumentException e) {
            throw new InvalidOptionException(name, secret ? "not a valid value" : String.valueOf(e.getMessage()));
        }
    }

    /** What a stored text counts as. Any flag but {@code true} is false, as in the original; the rest is as when written. */
    String effective(String stored) {
        return kind == Kind.FLAG ? Boolean.toString(stored.equals("true")) : normalised(stored);
    }

    /** Values may be secret. */
    @Override
    public String toString() {
        return name;
    }

    private static String flag(String value) {
        String text = value.strip();
        if (text.equals("true") || text.equals("false")) {
            return text;
        }
        throw new IllegalArgumentException("must be true or false: " + shown(value));
    }

    private static long wholeNumber(String value) {
        try {
            return decimal(value).longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("must be a whole number: " + shown(value), e);
        }
    }

    private static BigDecimal decimal(String value) {
        String text = value.strip();
        try {
            if (text.length() <= MAX_NUMBER_LENGTH) {
                BigDecimal number = new BigDecimal(text);
                if (Math.abs((long) number.scale()) <= MAX_NUMBER_LENGTH) {
                    return number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
                }
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("must be a number: " + shown(value), e);
        }
        throw new IllegalArgumentException("must be a number of at most " + MAX_NUMBER_LENGTH + " digits");
    }

    private static String shown(String value) {
        return value.length() <= 80 ? value : value.substring(0, 80) + "...";
    }
}
