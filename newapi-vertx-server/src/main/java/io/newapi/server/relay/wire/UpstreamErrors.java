package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what an upstream said went wrong, and says it again without addresses. */
public final class UpstreamErrors {

    private static final String TYPE = "upstream_error";
    private static final String UNKNOWN_CODE = "unknown_error";
    private static final String BAD_STATUS = "bad_response_status_code";
    private static final List<String> MESSAGES = List.of(
            "message", "msg", "err", "error_msg", "error", "detail", "header.message", "response.error.message");

    /** What OpenAI's names of errors mean (OpenAI documentation, error codes). */
    private static final Map<String, Integer> STATUSES = Map.of(
            "invalid_api_key", 401,
            "authentication_error", 401,
            "model_not_found", 404,
            "insufficient_quota", 429,
            "rate_limit_exceeded", 429,
            "rate_limit_error", 429,
            "invalid_request_error", 400);

    private static final int MAX_NAME_CHARS = 100;
    private static final int MAX_FIELDS = 1000;

    private UpstreamErrors() {}

    /**
     * The error in an answer's body.
     *
     * @param status the status that the caller is to see
     * @param upstreamStatus the status that the upstream sent
     * @param body JSON or anything else; {@code data:} in front of it is skipped
     * @param secrets what must not be told again: they are taken out before anything is cut or masked, which could leave a
     *     part of one
     */
    public static RelayError read(int status, int upstreamStatus, byte[] body, List<String> secrets) {
        Map<String, String> fields = fields(body);
        String message = fields.getOrDefault("error.message", "");
        if (!message.isEmpty()) {
            return new RelayError(
                    status,
                    name(fields.get("error.type"), TYPE, secrets),
                    name(fields.get("error.code"), UNKNOWN_CODE, secrets),
                    name(fields.get("error.param"), "", secrets),
                    Masking.mask(Masking.hide(message, secrets)),
                    0);
        }
        for (String name : MESSAGES) {
            String text = fields.getOrDefault(name, "");
            if (!text.isEmpty()) {
                return new RelayError(status, TYPE, BAD_STATUS, "", Masking.mask(Masking.hide(text, secrets)), 0);
            }
        }
        return new RelayError(status, TYPE, BAD_STATUS, "", "the upstream answered with status " + upstreamStatus, 0);
    }

    /**
     * The HTTP status that an error names as its code.
     *
     * @param otherwise what to return if it names none
     */
    public static int statusIn(byte[] body, int otherwise) {
        String code = fields(body).getOrDefault("error.code", "");
        boolean status = code.length() == 3 && (code.charAt(0) == '4' || code.charAt(0) == '5');
        return status && Character.isDigit(code.charAt(1)) && Character.isDigit(code.charAt(2))
                ? Integer.parseInt(code)
                : otherwise;
    }

    /**
     * The HTTP status that an error would have had that came as a message: the one that it names as its code, or the one that
     * belongs to its name; 502 if nobody knows.
     */
    public static int statusOfMessage(byte[] body) {
        Map<String, String> fields = fields(body);
        int named = STATUSES.getOrDefault(
                fields.getOrDefault("error.code", ""),
                STATUSES.getOrDefault(fields.getOrDefault("error.type", ""), 502));
        return statusIn(body, named);
    }

    /** Whether the value of {@code error} is one: some upstreams send an empty one with every chunk. */
    static boolean says(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case VALUE_NULL, VALUE_FALSE -> false;
            case VALUE_STRING -> !json.getText().isEmpty();
            case START_OBJECT -> {
                boolean empty = json.nextToken() == JsonToken.END_OBJECT;
                while (json.currentToken() == JsonToken.FIELD_NAME) {
                    json.nextToken();
                    json.skipChildren();
                    json.nextToken();
                }
                yield !empty;
            }
            default -> {
                json.skipChildren();
                yield true;
            }
        };
    }

    /** A text of an upstream without what is secret in it. */
    public static String hide(String text, List<String> secrets) {
        return Masking.hide(text, secrets);
    }

    private static String name(@Nullable String text, String otherwise, List<String> secrets) {
        if (text == null || text.isEmpty()) {
            return otherwise;
        }
        String hidden = Masking.hide(text, secrets);
        return Masking.mask(hidden.length() <= MAX_NAME_CHARS ? hidden : hidden.substring(0, MAX_NAME_CHARS));
    }

    /** Texts and numbers up to three levels deep, under dotted names. */
    private static Map<String, String> fields(byte[] body) {
        Map<String, String> fields = new HashMap<>();
        int start = 0;
        while (start < body.length && body[start] != '{') {
            start++;
        }
        try (JsonParser json = Json.FACTORY.createParser(body, start, body.length - start)) {
            if (json.nextToken() == JsonToken.START_OBJECT) {
                collect("", 0, json, fields);
            }
        } catch (IOException e) {
            // whatever was readable before the fault is used
        }
        return fields;
    }

    private static void collect(String prefix, int depth, JsonParser json, Map<String, String> fields)
            throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME && fields.size() < MAX_FIELDS) {
            String name = prefix + json.currentName();
            JsonToken token = json.nextToken();
            if (token == JsonToken.VALUE_STRING || token.isNumeric()) {
                fields.put(name, json.getText());
            } else if (token == JsonToken.START_OBJECT && depth < 2) {
                collect(name + ".", depth + 1, json, fields);
            } else {
                json.skipChildren();
            }
        }
    }
}
