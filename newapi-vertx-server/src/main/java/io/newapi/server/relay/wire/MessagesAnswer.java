package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.core.pricing.Usage;
import java.io.IOException;

/** Reads whole answers in Anthropic's format. */
final class MessagesAnswer {

    private MessagesAnswer() {}

    /** Looks at an answer. */
    static AnswerFacts read(byte[] body, String model) {
        MessagesText text = new MessagesText(model);
        AnthropicUsage usage = new AnthropicUsage();
        Usage reported = null;
        boolean error = false;
        try (JsonParser json = Json.FACTORY.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return new AnswerFacts(false, false, null, 0);
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken token = json.nextToken();
                switch (name) {
                    case "content" -> text.blocks(json);
                    case "usage" -> {
                        if (token == JsonToken.START_OBJECT) {
                            reported = usage.add(json);
                        } else {
                            json.skipChildren();
                        }
                    }
                    case "error" -> error |= UpstreamErrors.says(json);
                    default -> json.skipChildren();
                }
            }
        } catch (IOException e) {
            return new AnswerFacts(false, false, reported, text.tokens());
        }
        return new AnswerFacts(true, error, reported, text.tokens());
    }
}
