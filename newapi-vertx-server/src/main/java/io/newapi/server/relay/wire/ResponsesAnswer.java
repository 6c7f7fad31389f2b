package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Reads whole answers in OpenAI's responses format. */
final class ResponsesAnswer {

    private ResponsesAnswer() {}

    /** Looks at an answer. It is an error if it says so and has cost nothing. */
    static AnswerFacts read(byte[] body, String model) {
        ResponsesText text = new ResponsesText(model);
        try (JsonParser json = Json.FACTORY.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return new AnswerFacts(false, false, null, 0);
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                text.field(name, json, true);
            }
        } catch (IOException e) {
            return new AnswerFacts(false, false, text.usage(), text.tokens());
        }
        return new AnswerFacts(true, text.error() && text.usage() == null, text.usage(), text.tokens());
    }
}
