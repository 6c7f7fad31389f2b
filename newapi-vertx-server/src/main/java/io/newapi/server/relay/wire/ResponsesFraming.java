package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Events of OpenAI's responses, which are numbered: an error is the event {@code error} with the next number. What went wrong stands
 * in it twice, as the API's reference has it and as OpenAI sends it, in an object {@code error}: libraries look at either.
 */
final class ResponsesFraming implements Framing {

    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
    private static final int OTHER_LINE = -1;

    private int events;

    /** How much of {@code data:} the line has begun with. */
    private int matched;

    @Override
    public String contentType() {
        return EVENTS.contentType();
    }

    @Override
    public Buffer of(Buffer passing) {
        for (int i = 0; i < passing.length(); i++) {
            byte next = passing.getByte(i);
            if (next == '\n') {
                matched = 0;
            } else if (matched != OTHER_LINE) {
                matched = next == DATA[matched] ? matched + 1 : OTHER_LINE;
            }
            if (matched == DATA.length) {
                events++;
                matched = OTHER_LINE;
            }
        }
        return passing;
    }

    @Override
    public Buffer ping(WireFormat format) {
        return EVENTS.ping(format);
    }

    @Override
    public Buffer error(RelayError error, ClientFormat format, String requestId) {
        String message = error.told(requestId);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = Json.FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("type", "error");
            json.writeNumberField("sequence_number", events);
            json.writeStringField("code", error.code());
            json.writeStringField("message", message);
            json.writeStringField("param", error.param());
            format.error(json, error, message);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return Buffer.buffer("event: error\ndata: ")
                .appendBytes(bytes.toByteArray())
                .appendString("\n\n");
    }

    @Override
    public Buffer end() {
        return EVENTS.end();
    }
}
