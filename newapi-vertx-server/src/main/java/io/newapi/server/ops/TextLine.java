package io.newapi.server.ops;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.ZoneId;
import org.slf4j.event.KeyValuePair;

/**
 * Lines for people: {@code 2026-11-01T08:00:00.000Z INFO  [thread] logger: message name=value}. Control characters,
 * line breaks among them, are written as escapes, so that nobody can forge a line.
 */
final class TextLine extends LogLine {

    TextLine(ZoneId zone) {
        super(zone);
    }

    @Override
    String write(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160);
        line.append(time(event)).append(' ');
        line.append(event.getLevel()).append(event.getLevel().levelStr.length() < 5 ? "  [" : " [");
        escape(event.getThreadName(), line);
        line.append("] ").append(event.getLoggerName()).append(": ");
        escape(message(event), line);
        for (KeyValuePair field : fields(event)) {
            escape(" " + field.key + "=" + value(field), line);
        }
        String error = error(event);
        if (!error.isEmpty()) {
            line.append(" | ");
            escape(error, line);
        }
        return line.toString();
    }

    private static void escape(String text, StringBuilder line) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
                        line.append(String.format("\\u%04x", (int) c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
    }
}
