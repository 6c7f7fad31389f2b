package io.newapi.cli.command;

import io.newapi.cli.client.Failure;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads times as people write them in options. */
final class TimeText {

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)?");

    private TimeText() {}

    /** {@code 30} (seconds), {@code 500ms}, {@code 30s}, {@code 2m}, {@code 12h}, {@code 30d}; above zero. */
    static Duration duration(String option, String text) {
        Matcher matcher = DURATION.matcher(text);
        if (matcher.matches()) {
            Duration duration = duration(Long.parseLong(matcher.group(1)), matcher.group(2));
            if (!duration.isZero()) {
                return duration;
            }
        }
        throw Failure.ofUsage(option + " is no time: " + text, "as 500ms, 30s, 2m, 12h or 30d");
    }

    /** An instant as {@code 2026-12-31T10:00:00Z}, a day (its first moment in UTC), or Unix seconds. */
    static Instant instant(String option, String text) {
        try {
            if (text.matches("[0-9]{9,12}")) {
                return Instant.ofEpochSecond(Long.parseLong(text));
            }
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                    : Instant.parse(text);
        } catch (DateTimeException e) {
            throw Failure.ofUsage(option + " is no point in time: " + text, "as 2026-12-31 or 2026-12-31T10:00:00Z");
        }
    }

    /** Whether the text is written like a duration rather than like a point in time. */
    static boolean isDuration(String text) {
        return DURATION.matcher(text).matches() && !text.matches("[0-9]{9,12}");
    }

    private static Duration duration(long number, @org.jspecify.annotations.Nullable String unit) {
        return switch (unit == null ? "s" : unit) {
            case "ms" -> Duration.ofMillis(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default -> Duration.ofSeconds(number);
        };
    }
}
