package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.server.relay.wire.ClientRequest.Scan;
import java.io.IOException;

/** One pass over the bytes of a request in OpenAI's chat format. */
final class ChatRequestScanner extends RequestScanner {

    private static final long TOKENS_PER_TOOL = 8;
    private static final long TOKENS_PER_MESSAGE = 3;
    private static final long TOKENS_PER_NAME = 3;
    private static final long TOKENS_PER_REQUEST = 3;

    private long maxTokens;
    private long maxCompletionTokens;
    private int messages;
    private boolean prefixGiven;
    private int choices = 1;

    ChatRequestScanner(Content body) {
        super(body, "model", "stream", "stream_options", "max_tokens", "max_completion_tokens", "messages", "n");
    }

    @Override
    Scan understood(int afterBrace) {
        if (messages == 0 && !prefixGiven) {
            return refuse("messages", "the field messages is missing or empty");
        }
        return found(WireFormat.CHAT)
                .usage(usageSwitch(afterBrace), usageWanted)
                .limit(Math.max(maxTokens, maxCompletionTokens), choices)
                .prompt(promptTokens() + TOKENS_PER_REQUEST)
                .understood();
    }

    @Override
    void field(String name, JsonParser json) throws IOException {
        switch (name) {
            case "model" -> model(json);
            case "stream" -> stream = bool(name, json);
            case "stream_options" -> streamOptions(json);
            case "max_tokens" -> maxTokens = count(name, json);
            case "max_completion_tokens" -> maxCompletionTokens = count(name, json);
            case "n" -> choices = choices(name, json);
            case "reasoning_effort" -> effort(json);
            case "messages" -> messages(json);
            case "tools", "functions" -> tools(json);
            case "prefix", "suffix" -> {
                prefixGiven = true;
                json.skipChildren();
            }
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
            extraTokens += TOKENS_PER_MESSAGE;
            message(json);
        }
    }

    private void message(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken token = json.nextToken();
            switch (name) {
                case "role" -> piece(json);
                case "name" -> {
                    piece(json);
                    extraTokens += TOKENS_PER_NAME;
                }
                case "content", "reasoning_content" -> {
                    if (token == JsonToken.START_ARRAY) {
                        parts(json);
                    } else {
                        piece(json);
                    }
                }
                case "tool_calls" -> allTexts(json);
                default -> json.skipChildren();
            }
        }
    }

    private void parts(JsonParser json) throws IOException {
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                json.skipChildren();
                continue;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "text" -> piece(json);
                    case "image_url" -> media(json, IMAGE_TOKENS);
                    case "input_audio" -> media(json, AUDIO_TOKENS);
                    case "video_url" -> media(json, VIDEO_TOKENS);
                    case "file" -> media(json, FILE_TOKENS);
                    default -> json.skipChildren();
                }
            }
        }
    }

    private void media(JsonParser json, long tokens) throws IOException {
        extraTokens += tokens;
        json.skipChildren();
    }

    private void tools(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            extraTokens += TOKENS_PER_TOOL;
            allTexts(json);
        }
    }
}
