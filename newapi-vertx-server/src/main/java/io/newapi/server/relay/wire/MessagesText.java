package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Set;

/** Counts the text of content blocks in Anthropic's format as it comes by: words, thoughts, names and arguments of tools. */
final class MessagesText extends WrittenText {

    private static final Set<String> WRITTEN = Set.of("text", "thinking", "partial_json", "name");

    MessagesText(String model) {
        super(model);
    }

    /** Reads a block, or more of one, whose first token is current; an input counts as its text. */
    void block(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            written(name, json);
        }
    }

    /** Reads the value of a block's field, whose first token is current. */
    void written(String name, JsonParser json) throws IOException {
        if (WRITTEN.contains(name) && json.currentToken() == JsonToken.VALUE_STRING) {
            piece(json.getText());
        } else if (name.equals("input") && json.currentToken() == JsonToken.START_OBJECT) {
            texts(json);
        } else {
            json.skipChildren();
        }
    }

    /** Reads a list of blocks. */
    void blocks(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            block(json);
        }
    }

    private void texts(JsonParser json) throws IOException {
        for (int depth = 1; depth > 0; ) {
            JsonToken token = json.nextToken();
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (token == JsonToken.FIELD_NAME || token.isScalarValue()) {
                piece(json.getText());
            }
        }
    }
}
