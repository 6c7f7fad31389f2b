package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.server.relay.wire.ClientRequest.Scan;
import java.io.IOException;

/** One pass over the bytes of a request for Google's embeddings (Gemini API, {@code embedContent}, {@code batchEmbedContents}). */
final class GeminiEmbedScanner extends GeminiRequestScanner {

    private static final String PREFIX = "models/";

    private final WireFormat format;
    private final String wanted;
    private boolean given;

    GeminiEmbedScanner(WireFormat format, Content body, String model) {
        super(body, model, false, false, "model", "content", "requests");
        this.format = format;
        this.wanted = format == WireFormat.EMBED_CONTENT ? "content" : "requests";
    }

    @Override
    Scan understood(int afterBrace) {
        return given ? found(format).understood() : refuse(wanted, "the field " + wanted + " is missing or empty");
    }

    @Override
    void field(String name, JsonParser json) throws IOException {
        if (name.equals("model")) {
            modelAgain("model", PREFIX, json);
        } else if (name.equals(wanted) && name.equals("content")) {
            given = json.currentToken() == JsonToken.START_OBJECT;
            content(json);
        } else if (name.equals(wanted)) {
            requests(json);
        } else {
            json.skipChildren();
        }
    }

    private void requests(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw new FieldFault("requests", "the field requests must be an array");
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                throw new FieldFault("requests", "each of requests must be an object");
            }
            given = true;
            request(json);
        }
    }

    private void request(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "model" -> modelAgain("requests.model", PREFIX, json);
                case "content" -> content(json);
                default -> json.skipChildren();
            }
        }
    }
}
