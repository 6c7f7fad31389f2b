package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** What a client's library reads: decided by the path, and for the list of models by what the client sends. */
public enum ClientFormat {
    /** OpenAI's. */
    OPENAI {
        @Override
        void error(JsonGenerator json, RelayError error, String message) throws IOException {
            json.writeObjectFieldStart("error");
            json.writeStringField("message", message);
            json.writeStringField("type", error.type());
            json.writeStringField("param", error.param());
            json.writeStringField("code", error.code());
            json.writeEndObject();
        }
    },

    /** Anthropic's; its libraries tell errors apart by their type. */
    ANTHROPIC {
        @Override
        void error(JsonGenerator json, RelayError error, String message) throws IOException {
            json.writeStringField("type", "error");
            json.writeObjectFieldStart("error");
            json.writeStringField("type", anthropicType(error.status()));
            json.writeStringField("message", message);
            json.writeEndObject();
        }
    },

    /** Google's; its libraries tell errors apart by the name of their status. */
    GEMINI {
        @Override
        void error(JsonGenerator json, RelayError error, String message) throws IOException {
            json.writeObjectFieldStart("error");
            json.writeNumberField("code", error.status());
            json.writeStringField("message", message);
            json.writeStringField("status", googleStatus(error.status()));
            json.writeEndObject();
        }
    };

    /**
     * The format of a request.
     *
     * @param path as the client wrote it
     * @param query the part behind the question mark, not decoded; may be empty
     * @param anthropicVersion whether the header {@code anthropic-version} was sent
     * @param googleKey whether the header {@code x-goog-api-key} was sent
     */
    public static ClientFormat of(String path, String query, boolean anthropicVersion, boolean googleKey) {
        if (path.startsWith("/v1/messages")) {
            return ANTHROPIC;
        }
        if (path.startsWith("/v1beta/")) {
            return path.startsWith("/v1beta/openai/") ? OPENAI : GEMINI;
        }
        if (!path.equals("/v1/models") && !path.startsWith("/v1/models/")) {
            return OPENAI;
        }
        if (anthropicVersion) {
            return ANTHROPIC;
        }
        return googleKey || query.startsWith("key=") || query.contains("&key=") ? GEMINI : OPENAI;
    }

    /** Writes the fields of an error's outermost object. */
    abstract void error(JsonGenerator json, RelayError error, String message) throws IOException;

    private static String anthropicType(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 503, 529 -> "overloaded_error";
            default -> status < 500 ? "invalid_request_error" : "api_error";
        };
    }

    private static String googleStatus(int status) {
        return switch (status) {
            case 401 -> "UNAUTHENTICATED";
            case 403 -> "PERMISSION_DENIED";
            case 404 -> "NOT_FOUND";
            case 429 -> "RESOURCE_EXHAUSTED";
            case 503 -> "UNAVAILABLE";
            case 504 -> "DEADLINE_EXCEEDED";
            default -> status < 500 ? "INVALID_ARGUMENT" : "INTERNAL";
        };
    }
}
