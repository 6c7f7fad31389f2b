package io.newapi.server.store;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a kind of database takes and gives times: as text, in the form in which the original's driver writes and reads it.
 * Immutable.
 */
final class DateText {

    private static final DateTimeFormatter WRITE = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd HH:mm:ss.SSSxxx", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter WRITE_WITHOUT_ZONE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);

    private static final DateTimeFormatter READ = new DateTimeFormatterBuilder()
            .appendPattern("yyyy-MM-dd[ ]['T']HH:mm[:ss]")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .appendPattern("[ ][xxx][XX][x]")
            .toFormatter(Locale.ROOT);

    private final DateTimeFormatter write;
    private final ZoneId zone;

    private DateText(DateTimeFormatter write, ZoneId zone) {
        this.write = write;
        this.zone = zone;
    }

    /** The text tells its zone, which is UTC where it does not. */
    static DateText withZone() {
        return new DateText(WRITE, ZoneOffset.UTC);
    }

    /** The text tells no zone: this one is meant. */
    static DateText withoutZone(ZoneId zone) {
        return new DateText(WRITE_WITHOUT_ZONE.withZone(zone), zone);
    }

    String of(Instant time) {
        return write.format(time);
    }

    /** Null stays null; a text that cannot be read is still a time in the past, because the row is deleted either way. */
    @Nullable
    Instant parse(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            var parsed = READ.parseBest(withoutZoneName(text), OffsetDateTime::from, LocalDateTime::from);
            return parsed instanceof OffsetDateTime zoned
                    ? zoned.toInstant()
                    : ((LocalDateTime) parsed).atZone(zone).toInstant();
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
