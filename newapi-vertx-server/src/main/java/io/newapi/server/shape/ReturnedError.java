package io.newapi.server.shape;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * An error that a channel gives instead of asking its provider.
 *
 * @param status 400 to 599
 * @param code for programs
 * @param type the kind of error, as OpenAI clients read it
 * @param message for people
 * @param last whether no other channel is tried
 */
public record ReturnedError(int status, String code, String type, String message, boolean last) {

    private static final int DEFAULT_STATUS = 400;
    private static final String DEFAULT_CODE = "invalid_request";
    private static final String DEFAULT_TYPE = "invalid_request_error";

    /** A message alone, or an object. */
    static ReturnedError of(JsonNode value) {
        if (value.isTextual() && !value.textValue().isBlank()) {
            return new ReturnedError(DEFAULT_STATUS, DEFAULT_CODE, DEFAULT_TYPE, value.textValue(), true);
        }
        String message = first(value, "message", "msg").asText("");
        if (!value.isObject() || message.isBlank()) {
            throw new InvalidShapeException("value must be a message, or an object with a message");
        }
        JsonNode status = first(value, "status_code", "status");
        int number = status.isMissingNode() ? DEFAULT_STATUS : status.asInt(0);
        if (number < 400 || number > 599) {
            throw new InvalidShapeException("the status must be from 400 to 599");
        }
        return new ReturnedError(
                number,
                value.path("code").asText(DEFAULT_CODE),
                value.path("type").asText(DEFAULT_TYPE),
                message,
                value.path("skip_retry").asBoolean(true));
    }

    private static JsonNode first(JsonNode value, String name, String otherwise) {
        return value.has(name) ? value.path(name) : value.path(otherwise);
    }
}
