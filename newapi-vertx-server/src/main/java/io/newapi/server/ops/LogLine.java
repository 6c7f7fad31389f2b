package io.newapi.server.ops;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.slf4j.event.KeyValuePair;

/** Writes one event as one line, without the line's end. Implementations are thread-safe. */
abstract class LogLine {

    /** What is longer is cut: one event must not fill a disk. */
    static final int MAX_CHARS = 32_768;

    private final DateTimeFormatter time;

    LogLine(ZoneId zone) {
        this.time = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT)
                .withZone(zone);
    }

    abstract String write(ILoggingEvent event);

    final String time(ILoggingEvent event) {
        return time.format(event.getInstant());
    }

    static String message(ILoggingEvent event) {
        return safe(event.getFormattedMessage());
    }

    /** The stack trace; empty if there is none. */
    static String error(ILoggingEvent event) {
        IThrowableProxy error = event.getThrowableProxy();
        return error == null ? "" : safe(ThrowableProxyUtil.asString(error).strip());
    }

    static List<KeyValuePair> fields(ILoggingEvent event) {
        List<KeyValuePair> fields = event.getKeyValuePairs();
        return fields == null ? List.of() : fields;
    }

    /** The value of a field, masked as if it stood behind its name. */
    static String value(KeyValuePair field) {
        String prefix = field.key + "=";
        String masked = safe(prefix + field.value);
        return masked.startsWith(prefix) ? masked.substring(prefix.length()) : masked;
    }

    private static String safe(String text) {
        // Cut before masking, which costs more the longer a text is; a key that is cut in two still starts as one.
        String bounded = text.length() > MAX_CHARS ? text.substring(0, MAX_CHARS) + "..." : text;
        return SecretMask.mask(bounded);
    }
}
