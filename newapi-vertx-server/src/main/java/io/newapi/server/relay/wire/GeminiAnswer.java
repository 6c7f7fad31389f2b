package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.core.pricing.Usage;
import java.io.IOException;

/** Reads whole answers in Google's format. */
final class GeminiAnswer {

    private GeminiAnswer() {}

    /** Looks at an answer. It is an error if it says so and has no candidate. */
    static AnswerFacts read(byte[] body, String model) {
        GeminiText text = new GeminiText(model);
        Usage usage = null;
        boolean error = false;
        try (JsonParser json = Json.FACTORY.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return new AnswerFacts(false, false, null, 0);
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken token = json.nextToken();
                switch (name) {
                    case "candidates" -> text.candidates(json);
                    case "usageMetadata" -> {
                        if (token == JsonToken.START_OBJECT) {
                            usage = GeminiUsage.read(json);
                        } else {
                            json.skipChildren();
                        }
                    }
                    case "error" -> error |= UpstreamErrors.says(json);
                    default -> json.skipChildren();
                }
            }
        } catch (IOException e) {
            return new AnswerFacts(false, false, usage, text.tokens());
        }
        return new AnswerFacts(true, error && text.lastCandidates() == 0, usage, text.tokens());
    }

    /** Whether a {@code promptFeedback}, whose first token is current, says that the prompt is not answered. */
    static boolean isBlocked(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return false;
        }
        boolean blocked = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean reason = json.currentName().equals("blockReason");
            JsonToken token = json.nextToken();
            blocked |=
                    reason && token == JsonToken.VALUE_STRING && !json.getText().equals("BLOCK_REASON_UNSPECIFIED");
            json.skipChildren();
        }
        return blocked;
    }
}
