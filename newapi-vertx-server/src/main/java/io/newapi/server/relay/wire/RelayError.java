package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * What a caller is told when a call fails; rendered in the caller's format in one place.
 *
 * @param status the HTTP status, 400 to 599
 * @param type the kind of error, as OpenAI clients read it
 * @param code a stable code, may be empty
 * @param param the field of the request that is at fault, may be empty
 * @param message what went wrong; never contains a key, an upstream address or a stack trace
 * @param retryAfterSeconds when a repetition makes sense, or 0
 */
public record RelayError(int status, String type, String code, String param, String message, int retryAfterSeconds) {

    /** The type of errors that this node makes itself. */
    public static final String OWN = "new_api_error";

    /** @throws IllegalArgumentException if the status is not one of an error */
    public RelayError {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("not the status of an error: " + status);
        }
    }

    /** An error of this node. */
    public static RelayError own(int status, String code, String message) {
        return new RelayError(status, OWN, code, "", message, 0);
    }

    /** A request that cannot be served as it is. */
    public static RelayError badRequest(String code, String param, String message) {
        return new RelayError(400, "invalid_request_error", code, param, message, 0);
    }

    /** The same, with the time after which to try again. */
    public RelayError retryAfter(int seconds) {
        return new RelayError(status, type, code, param, message, seconds);
    }

    /** The same, with another status. */
    public RelayError withStatus(int other) {
        return new RelayError(other, type, code, param, message, retryAfterSeconds);
    }

    /** The error object of {@code format}, with the request's id in its message. */
    public Buffer body(ClientFormat format, String requestId) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = Json.FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            format.error(json, this, told(requestId));
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return Buffer.buffer(bytes.toByteArray());
    }

    /** The message that the caller reads. */
    String told(String requestId) {
        return message + " (request id: " + requestId + ")";
    }

    /** The same as a message on a live connection, in OpenAI's form. */
    public String liveMessage(String requestId) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = Json.FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("type", "error");
            json.writeStringField("event_id", "evt_" + requestId);
            ClientFormat.OPENAI.error(json, this, told(requestId));
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** The same as an event of a stream in that format. */
    public Buffer event(ClientFormat format, String requestId) {
        return Buffer.buffer(format == ClientFormat.ANTHROPIC ? "event: error\ndata: " : "data: ")
                .appendBuffer(body(format, requestId))
                .appendString("\n\n");
    }
}
