package io.newapi.server.ops;

import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.ZoneId;
import java.util.List;
import org.slf4j.event.KeyValuePair;

/**
 * Lines for machines: one JSON object with {@code time}, {@code level}, {@code logger}, {@code thread}, {@code message},
 * and where there are any {@code fields} (an object of texts, numbers and booleans) and {@code error} (a stack trace).
 */
final class JsonLine extends LogLine {

    private final JsonFactory json = new JsonFactory();

    JsonLine(ZoneId zone) {
        super(zone);
    }

    @Override
    String write(ILoggingEvent event) {
        StringWriter line = new StringWriter();
        try (JsonGenerator out = json.createGenerator(line)) {
            out.writeStartObject();
            out.writeStringField("time", time(event));
            out.writeStringField("level", event.getLevel().levelStr);
            out.writeStringField("logger", event.getLoggerName());
            out.writeStringField("thread", event.getThreadName());
            out.writeStringField("message", message(event));
            writeFields(fields(event), out);
            String error = error(event);
            if (!error.isEmpty()) {
                out.writeStringField("error", error);
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory cannot be written", e);
        }
        return line.toString();
    }

    private static void writeFields(List<KeyValuePair> fields, JsonGenerator out) throws IOException {
        if (fields.isEmpty()) {
            return;
        }
        out.writeObjectFieldStart("fields");
        for (KeyValuePair field : fields) {
            if (field.value instanceof Long || field.value instanceof Integer) {
                out.writeNumberField(field.key, ((Number) field.value).longValue());
            } else if (field.value instanceof Boolean flag) {
                out.writeBooleanField(field.key, flag);
            } else {
                out.writeStringField(field.key, value(field));
            }
        }
        out.writeEndObject();
    }
}
