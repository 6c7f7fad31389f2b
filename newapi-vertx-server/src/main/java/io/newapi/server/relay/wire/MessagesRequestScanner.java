package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.server.relay.wire.ClientRequest.Scan;
import java.io.IOException;

/** One pass over the bytes of a request in Anthropic's format (Messages API, create a message). */
final class MessagesRequestScanner extends RequestScanner {

    private long maxTokens;
    private int messages;
    private boolean foreignThoughts;

    MessagesRequestScanner(Content body) {
        super(body, "model", "stream", "max_tokens", "messages");
    }

    @Override
    Scan understood(int afterBrace) {
        if (messages == 0) {
            return refuse("messages", "the field messages is missing or empty");
        }
        return found(WireFormat.MESSAGES)
                .limit(maxTokens, 1)
                .foreignThoughts(foreignThoughts)
                .understood();
    }

    @Override
    void field(String name, JsonParser json) throws IOException {
        switch (name) {
            case "model" -> model(json);
            case "stream" -> stream = bool(name, json);
            case "max_tokens" -> maxTokens = count(name, json);
            case "messages" -> messages(json);
            case "system" -> content(json);
            case "tools" -> allTexts(json);
            case "output_config" -> effortIn(json);
            default -> json.skipChildren();
        }
    }

    private void messages(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw new FieldFault("messages", "the field messages must be an array");
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                throw new FieldFault("messages", "each of messages must be an object");
            }
            messages++;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "role" -> piece(json);
                    case "content" -> content(json);
                    default -> json.skipChildren();
                }
            }
        }
    }

    /** A text, or blocks. */
    private void content(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            piece(json);
            return;
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() == JsonToken.START_OBJECT) {
                block(json);
            } else {
                piece(json);
            }
        }
    }

    private void block(JsonParser json) throws IOException {
        String type = "";
        String signature = "";
        String data = "";
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "signature" -> signature = textOrSkipped(json);
                case "data" -> data = textOrSkipped(json);
                case "text", "thinking", "name" -> piece(json);
                case "input" -> allTexts(json);
                case "content" -> content(json);
                case "source" -> source(json);
                case "type" -> {
                    type = textOrSkipped(json);
                    extraTokens += mediaTokens(type);
                }
                default -> json.skipChildren();
            }
        }
        foreignThoughts |= ForeignThoughts.isOne(type, signature, data);
    }

    /** A text; of anything else nothing. */
    private static String textOrSkipped(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            return json.getText();
        }
        json.skipChildren();
        return "";
    }

    /** What a document is made of may be text. */
    private void source(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean content = json.currentName().equals("content");
            json.nextToken();
            if (content) {
                content(json);
            } else {
                json.skipChildren();
            }
        }
    }

    private static long mediaTokens(String type) {
        return switch (type) {
            case "image" -> IMAGE_TOKENS;
            case "document", "container_upload" -> FILE_TOKENS;
            default -> 0;
        };
    }
}
