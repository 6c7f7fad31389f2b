package io.newapi.server.store;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The {@code datetime} columns of an SQLite file: text in UTC, in the form in which the original's driver writes and
 * reads it.
 */
final class DateText {

    private static final DateTimeFormatter WRITE = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd HH:mm:ss.SSSxxx", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter WRITE_WITHOUT_ZONE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter READ = new DateTimeFormatterBuilder()
            .appendPattern("yyyy-MM-dd[ ]['T']HH:mm[:ss]")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .appendPattern("[ ][xxx][XX]")
            .toFormatter(Locale.ROOT);

    private DateText() {}

    static String of(Instant time) {
        return WRITE.format(time);
    }

    /** The form of MySQL, whose {@code datetime} knows no zone: the original keeps UTC in it. */
    static String withoutZone(Instant time) {
        return WRITE_WITHOUT_ZONE.format(time);
    }

    /** Null stays null; a text that cannot be read is still a time in the past, because the row is deleted either way. */
    static @Nullable Instant parse(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            var parsed = READ.parseBest(withoutZoneName(text), OffsetDateTime::from, LocalDateTime::from);
            return parsed instanceof OffsetDateTime zoned
                    ? zoned.toInstant()
                    : ((LocalDateTime) parsed).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    /** Go's own text form ends in the name of the zone: {@code +0000 UTC}, and may continue in a monotonic reading. */
    private static String withoutZoneName(String text) {
        int letter = -1;
        for (int i = 11; i < text.length() && letter < 0; i++) {
            if (Character.isLetter(text.charAt(i)) && text.charAt(i - 1) == ' ') {
                letter = i;
            }
        }
        String time = letter < 0 ? text : text.substring(0, letter);
        return time.strip().replace("Z", "+00:00");
    }
}
