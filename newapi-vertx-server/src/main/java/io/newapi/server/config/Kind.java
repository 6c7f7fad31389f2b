package io.newapi.server.config;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the text of a variable means: how it is written, and the value that it becomes.
 *
 * @param type one word for lists, such as {@code int}
 * @param unit the unit of a number, such as {@code s}; empty if there is none
 * @param range which values are accepted, for lists; empty if every text is
 * @param reader reads the text
 * @param shown writes a value the way it would be set
 */
record Kind<T>(String type, String unit, String range, Reader<T> reader, Function<T, String> shown) {

    private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");
    private static final Set<String> FALSE = Set.of("0", "f", "F", "FALSE", "false", "False");
    private static final long BYTES_PER_MEGABYTE = 1024L * 1024L;

    /** Whether blanks around a text belong to it, as they may to a password; elsewhere they are left from a file. */
    boolean keepsBlanks() {
        return type.equals("text") || type.equals("secret");
    }

    /** Reads one text. */
    @FunctionalInterface
    interface Reader<T> {
        /** @throws BadValueException if the text has no such value */
        T read(String text, Consumer<String> warn) throws BadValueException;
    }

    /** Any text. */
    static Kind<String> text() {
        return new Kind<>("text", "", "", (text, warn) -> text, Function.identity());
    }

    /** Something that is listed, but not read. */
    static Kind<String> unread(String type, String unit) {
        return new Kind<>(type, unit, "", (text, warn) -> text, Function.identity());
    }

    /** A whole number in decimal, without blanks. */
    static Kind<Integer> wholeNumber(int min, int max) {
        return new Kind<>(
                "int",
                "",
                range(min, max),
                (text, warn) -> (int) whole(text, "a whole number", min, max),
                String::valueOf);
    }

    /** A time in whole seconds. */
    static Kind<Duration> seconds(int min, int max) {
        return new Kind<>(
                "int",
                "s",
                range(min, max),
                (text, warn) -> Duration.ofSeconds(whole(text, "whole seconds", min, max)),
                value -> String.valueOf(value.toSeconds()));
    }

    /** A time in whole minutes. */
    static Kind<Duration> minutes(int min, int max) {
        return new Kind<>(
                "int",
                "min",
                range(min, max),
                (text, warn) -> Duration.ofMinutes(whole(text, "whole minutes", min, max)),
                value -> String.valueOf(value.toMinutes()));
    }

    /** A time in whole seconds, or 0 for none at all. */
    static Kind<Duration> secondsOrNever(int min, int max) {
        return new Kind<>(
                "int",
                "s",
                "0 or " + range(min, max),
                (text, warn) -> {
                    long seconds = whole(text, "whole seconds", 0, max);
                    if (seconds > 0 && seconds < min) {
                        throw new BadValueException("must be 0 or whole seconds from " + min + " to " + max);
                    }
                    return Duration.ofSeconds(seconds);
                },
                value -> String.valueOf(value.toSeconds()));
    }

    /** A time in whole seconds that is raised to one second, with a warning, where it is shorter. */
    static Kind<Duration> secondsAtLeastOne(int max) {
        return new Kind<>(
                "int",
                "s",
                range(1, max),
                (text, warn) -> {
                    long seconds = whole(text, "whole seconds", Integer.MIN_VALUE, max);
                    if (seconds < 1) {
                        warn.accept("is " + seconds + ", which is taken as 1 second");
                    }
                    return Duration.ofSeconds(Math.max(1, seconds));
                },
                value -> String.valueOf(value.toSeconds()));
    }

    /** A size in whole megabytes (of 1,048,576 bytes), as a number of bytes. */
    static Kind<Long> megabytes(int min, int max) {
        return new Kind<>(
                "int",
                "MB",
                range(min, max),
                (text, warn) -> whole(text, "whole megabytes", min, max) * BYTES_PER_MEGABYTE,
                value -> String.valueOf(value / BYTES_PER_MEGABYTE));
    }

    /** On or off. */
    static Kind<Boolean> bool() {
        return new Kind<>(
                "bool",
                "",
                "",
                (text, warn) -> {
                    if (!TRUE.contains(text) && !FALSE.contains(text)) {
                        throw new BadValueException(
                                "must be true or false (1, t, T, TRUE, True and 0, f, F, FALSE, False are understood)");
                    }
                    return TRUE.contains(text);
                },
                String::valueOf);
    }

    /** On for the literal {@code true} only, as the original reads these; another text is off. */
    static Kind<Boolean> exactlyTrue() {
        return new Kind<>(
                "exactly true",
                "",
                "",
                (text, warn) -> {
                    if (!text.equals("true") && !FALSE.contains(text)) {
                        warn.accept("is on only when it is exactly true; it stays off");
                    }
                    return text.equals("true");
                },
                String::valueOf);
    }

    /** One of an enum's names, in any letter case. */
    static <E extends Enum<E>> Kind<E> oneOf(Class<E> type) {
        E[] constants = type.getEnumConstants();
        String names = Arrays.stream(constants).map(Kind::word).collect(Collectors.joining(", "));
        return new Kind<>(
                "word",
                "",
                "one of " + names,
                (text, warn) -> Arrays.stream(constants)
                        .filter(constant -> constant.name().equalsIgnoreCase(text))
                        .findFirst()
                        .orElseThrow(() -> new BadValueException("must be one of " + names)),
                Kind::word);
    }

    /** The name of a time zone. */
    static Kind<ZoneId> zone() {
        return new Kind<>(
                "time zone",
                "",
                "",
                (text, warn) -> {
                    try {
                        return ZoneId.of(text.startsWith(":") ? text.substring(1) : text);
                    } catch (DateTimeException e) {
                        throw new BadValueException("must be the name of a time zone, such as Asia/Shanghai or UTC");
                    }
                },
                ZoneId::getId);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String range(long min, long max) {
        return min + " to " + max;
    }

    private static long whole(String text, String what, long min, long max) throws BadValueException {
        boolean digits = text.matches("[+-]?[0-9]{1,18}");
        long value = digits ? Long.parseLong(text) : 0;
        if (!digits || value < min || value > max) {
            throw new BadValueException(
                    "must be " + what + (min > Integer.MIN_VALUE ? " from " + min + " to " + max : ", at most " + max));
        }
        return value;
    }
}
