package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.core.pricing.Usage;
import java.io.IOException;

/** Reads whole answers in OpenAI's chat format. */
final class ChatAnswer {

    private ChatAnswer() {}

    /** Looks at an answer. It is an error if it says so and has no choice. */
    static AnswerFacts read(byte[] body, String model, CompletionCount counting) {
        Usage usage = null;
        boolean error = false;
        boolean choices = false;
        ChatText text = new ChatText(model);
        try (JsonParser json = Json.FACTORY.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return new AnswerFacts(false, false, null, 0);
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken token = json.nextToken();
                if (name.equals("usage") && token == JsonToken.START_OBJECT) {
                    usage = UsageReader.read(json, counting);
                } else if (name.equals("choices")) {
                    text.choices(json);
                    choices = text.lastChoices() > 0;
                } else if (name.equals("error")) {
                    error |= UpstreamErrors.says(json);
                } else {
                    json.skipChildren();
                }
            }
        } catch (IOException e) {
            return new AnswerFacts(false, false, usage, text.tokens());
        }
        return new AnswerFacts(true, error && !choices, usage, text.tokens());
    }
}
