package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.core.estimate.TextEstimator;
import io.newapi.core.pricing.Usage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reads whole transcripts and translations of sound in OpenAI's formats: JSON, or the text itself, or subtitles. */
final class TranscriptAnswer {

    private TranscriptAnswer() {}

    /** Looks at an answer. It is an error if it says so and has no text. */
    static AnswerFacts read(byte[] body, String model) {
        int first = 0;
        while (first < body.length && body[first] <= ' ' && body[first] >= 0) {
            first++;
        }
        if (first == body.length || body[first] != '{') {
            return text(new String(body, StandardCharsets.UTF_8), model);
        }
        Usage usage = null;
        boolean error = false;
        String text = "";
        try (JsonParser json = Json.FACTORY.createParser(body)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken token = json.nextToken();
                if (name.equals("usage") && token == JsonToken.START_OBJECT) {
                    usage = UsageReader.readTranscription(json);
                } else if (name.equals("text") && token == JsonToken.VALUE_STRING) {
                    text = json.getText();
                } else if (name.equals("error")) {
                    error |= UpstreamErrors.says(json);
                } else {
                    json.skipChildren();
                }
            }
        } catch (IOException e) {
            return text(new String(body, StandardCharsets.UTF_8), model);
        }
        AnswerFacts facts = text(text, model);
        return new AnswerFacts(true, error && text.isEmpty(), usage, facts.estimatedCompletionTokens());
    }

    private static AnswerFacts text(String text, String model) {
        return new AnswerFacts(true, false, null, TextEstimator.forModel(model).estimate(text));
    }
}
