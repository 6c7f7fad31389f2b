package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.core.pricing.Usage;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Counts what is written in OpenAI's responses format, and reads the object that a response is. */
final class ResponsesText extends WrittenText {

    private static final Set<String> WRITTEN = Set.of("text", "arguments", "refusal", "name", "input", "code");

    private @Nullable Usage usage;
    private String status = "";
    private boolean error;

    ResponsesText(String model) {
        super(model);
    }

    /** What the response has reported; null if nothing. */
    @Nullable
    Usage usage() {
        return usage;
    }

    /** The last status of the response; empty if none was read. */
    String status() {
        return status;
    }

    /** Whether the response names an error. */
    boolean error() {
        return error;
    }

    /**
     * Reads a response, whose first token is current.
     *
     * @param counts whether its output counts as written: in a stream it repeats what was written before
     */
    void response(JsonParser json, boolean counts) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            field(name, json, counts);
        }
    }

    /** Reads the value of a response's field, whose first token is current. */
    void field(String name, JsonParser json, boolean counts) throws IOException {
        JsonToken token = json.currentToken();
        switch (name) {
            case "usage" -> {
                if (token == JsonToken.START_OBJECT) {
                    Usage reported = UsageReader.read(json, CompletionCount.WITH_REASONING);
                    usage = reported == null ? usage : reported;
                } else {
                    json.skipChildren();
                }
            }
            case "status" -> {
                status = token == JsonToken.VALUE_STRING ? json.getText() : status;
                json.skipChildren();
            }
            case "error" -> error |= UpstreamErrors.says(json);
            case "output" -> {
                if (counts && token == JsonToken.START_ARRAY) {
                    output(json);
                } else {
                    json.skipChildren();
                }
            }
            default -> json.skipChildren();
        }
    }

    private void output(JsonParser json) throws IOException {
        String name = "";
        for (int depth = 1; depth > 0; ) {
            JsonToken token = json.nextToken();
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (token == JsonToken.FIELD_NAME) {
                name = json.currentName();
            } else if (token == JsonToken.VALUE_STRING && WRITTEN.contains(name)) {
                piece(json.getText());
            }
        }
    }
}
