package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.server.relay.wire.ClientRequest.Scan;
import java.io.IOException;

/** One pass over the bytes of a request in OpenAI's responses format (API reference, "Create a response"). */
final class ResponsesRequestScanner extends RequestScanner {

    private final WireFormat format;
    private long maxTokens;
    private boolean asked;

    ResponsesRequestScanner(Content body) {
        this(WireFormat.RESPONSES, body);
    }

    private ResponsesRequestScanner(WireFormat format, Content body) {
        super(body, "model", "stream", "max_output_tokens", "input");
        this.format = format;
    }

    /** The same for a conversation that is to be compacted, which has a model of its own here. */
    static ResponsesRequestScanner ofCompaction(Content body) {
        return new ResponsesRequestScanner(WireFormat.RESPONSES_COMPACT, body);
    }

    @Override
    Scan understood(int afterBrace) {
        if (!asked) {
            return refuse("input", "the field input is missing or empty");
        }
        return found(format).limit(maxTokens, 1).understood();
    }

    @Override
    void field(String name, JsonParser json) throws IOException {
        JsonToken token = json.currentToken();
        switch (name) {
            case "model" -> {
                model(json);
                model += model.isBlank() ? "" : format.modelSuffix();
            }
            case "stream" -> stream = bool(name, json) && format == WireFormat.RESPONSES;
            case "max_output_tokens" -> maxTokens = count(name, json);
            case "input" -> input(json);
            case "instructions" -> piece(json);
            case "prompt" -> {
                // a prompt that is stored with the provider may ask everything
                asked |= token == JsonToken.START_OBJECT;
                allTexts(json);
            }
            case "tools", "text" -> allTexts(json);
            case "reasoning" -> effortIn(json);
            case "stream_options" -> guardedOptions(json);
            default -> json.skipChildren();
        }
    }

    private void guardedOptions(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        int endBefore = -1;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            int start = (int) json.currentTokenLocation().getByteOffset();
            followed(start, endBefore);
            json.nextToken();
            json.skipChildren();
            json.finishToken();
            int end = (int) json.currentLocation().getByteOffset();
            noted(name, start, end, endBefore);
            endBefore = end;
        }
    }

    private void input(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            asked |= json.getTextLength() > 0;
            piece(json);
            return;
        }
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw new FieldFault("input", "the field input must be a string or an array");
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            asked = true;
            item(json);
        }
    }

    /** Text counts; pictures, sound and files count as what they are, and not as their bytes. */
    private void item(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            piece(json);
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken token = json.nextToken();
            switch (name) {
                case "role", "text", "arguments", "name" -> piece(json);
                case "content", "output", "summary" -> content(json);
                case "type" -> {
                    extraTokens += token == JsonToken.VALUE_STRING ? mediaTokens(json.getText()) : 0;
                    json.skipChildren();
                }
                default -> json.skipChildren();
            }
        }
    }

    private void content(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            piece(json);
            return;
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            item(json);
        }
    }

    private static long mediaTokens(String type) {
        return switch (type) {
            case "input_image" -> IMAGE_TOKENS;
            case "input_audio" -> AUDIO_TOKENS;
            case "input_file" -> FILE_TOKENS;
            default -> 0;
        };
    }
}
