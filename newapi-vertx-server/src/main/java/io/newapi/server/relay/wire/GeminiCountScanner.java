package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/**
 * One pass over the bytes of a request whose text units are to be counted (Gemini API, {@code countTokens}): contents, or a whole
 * request in {@code generateContentRequest}.
 */
final class GeminiCountScanner extends GeminiRequestScanner {

    GeminiCountScanner(Content body, String model) {
        super(body, model, false, false);
    }

    @Override
    void field(String name, JsonParser json) throws IOException {
        boolean whole = name.equals("generateContentRequest") || name.equals("generate_content_request");
        if (!whole || json.currentToken() != JsonToken.START_OBJECT) {
            super.field(name, json);
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String inner = json.currentName();
            json.nextToken();
            super.field(inner, json);
        }
    }
}
