package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.server.relay.wire.ClientRequest.Scan;
import java.io.IOException;

/** One pass over the bytes of a request to speak a text, in OpenAI's format. Each of its characters counts for a text unit. */
final class SpeechRequestScanner extends RequestScanner {

    private static final String DEFAULT_MODEL = "tts-1";

    SpeechRequestScanner(Content body) {
        super(body, "model", "input");
        modelOtherwise(DEFAULT_MODEL);
    }

    @Override
    Scan understood(int afterBrace) {
        return extraTokens == 0
                ? refuse("input", "the field input is missing or empty")
                : found(WireFormat.SPEECH).understood();
    }

    @Override
    void field(String name, JsonParser json) throws IOException {
        if (name.equals("model")) {
            model(json);
        } else if (name.equals("input") && json.currentToken() == JsonToken.VALUE_STRING) {
            String text = json.getText();
            extraTokens += text.codePointCount(0, text.length());
        } else {
            json.skipChildren();
        }
    }
}
