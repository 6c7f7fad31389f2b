package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.server.relay.wire.ClientRequest.Scan;
import java.io.IOException;

/**
 * One pass over the bytes of a request in OpenAI's old format of completions. A prompt is a text, or the text units of one, or a list
 * of such; each is answered as often as is asked for.
 */
final class CompletionsRequestScanner extends RequestScanner {

    /** More answers than that are not reserved for; each is charged when it has come. */
    private static final long MOST_ANSWERS = 1 << 20;

    private long maxTokens;
    private long prompts;
    private int choices = 1;
    private int bestOf = 1;

    CompletionsRequestScanner(Content body) {
        super(body, "model", "stream", "stream_options", "max_tokens", "prompt", "n", "best_of");
    }

    @Override
    Scan understood(int afterBrace) {
        if (prompts == 0) {
            return refuse("prompt", "the field prompt is missing or empty");
        }
        return found(WireFormat.COMPLETIONS)
                .usage(usageSwitch(afterBrace), usageWanted)
                .limit(maxTokens, (int) Math.min(MOST_ANSWERS, prompts * Math.max(choices, bestOf)))
                .understood();
    }

    @Override
    void field(String name, JsonParser json) throws IOException {
        switch (name) {
            case "model" -> model(json);
            case "stream" -> stream = bool(name, json);
            case "stream_options" -> streamOptions(json);
            case "max_tokens" -> maxTokens = count(name, json);
            case "n" -> choices = choices(name, json);
            case "best_of" -> bestOf = choices(name, json);
            case "prompt" -> prompt(json);
            case "suffix" -> piece(json);
            default -> json.skipChildren();
        }
    }

    private void prompt(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            prompts = json.getTextLength() > 0 ? 1 : 0;
            piece(json);
            return;
        }
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw new FieldFault("prompt", "the field prompt must be a string or an array");
        }
        boolean units = false;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            JsonToken token = json.currentToken();
            if (token.isNumeric()) {
                units = true;
                extraTokens++;
            } else if (token == JsonToken.START_ARRAY) {
                prompts++;
                units(json);
            } else {
                prompts++;
                piece(json);
            }
        }
        prompts += units ? 1 : 0;
    }

    private void units(JsonParser json) throws IOException {
        while (json.nextToken() != JsonToken.END_ARRAY) {
            extraTokens++;
            json.skipChildren();
        }
    }
}
