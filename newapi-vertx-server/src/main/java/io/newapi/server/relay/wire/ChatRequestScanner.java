package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.server.relay.wire.ClientRequest.Scan;
import io.newapi.server.relay.wire.ClientRequest.Span;
import io.newapi.server.relay.wire.ClientRequest.UsageSwitch;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One pass over the bytes of a request in OpenAI's chat format. */
final class ChatRequestScanner extends RequestScanner {

    private static final long TOKENS_PER_TOOL = 8;
    private static final long TOKENS_PER_MESSAGE = 3;
    private static final long TOKENS_PER_NAME = 3;
    private static final long TOKENS_PER_REQUEST = 3;

    private @Nullable UsageSwitch usageSwitch;
    private boolean usageWanted;
    private long maxTokens;
    private long maxCompletionTokens;
    private int messages;
    private boolean prefixGiven;
    private int choices = 1;

    ChatRequestScanner(byte[] body) {
        super(body, "model", "stream", "stream_options", "max_tokens", "max_completion_tokens", "messages", "n");
    }

    @Override
    Scan understood(int afterBrace) {
        if (messages == 0 && !prefixGiven) {
            return refuse("messages", "the field messages is missing or empty");
        }
        return new Scan.Understood(new ClientRequest(
                WireFormat.CHAT,
                body,
                model,
                modelSpan,
                stream,
                false,
                usageSwitch == null ? UsageSwitch.newField(afterBrace) : usageSwitch,
                usageWanted,
                Math.max(maxTokens, maxCompletionTokens),
                choices,
                reasoningEffort,
                guarded,
                promptTokens() + TOKENS_PER_REQUEST));
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

    private void streamOptions(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            json.finishToken();
            Span span = spanOf(json);
            usageSwitch = UsageSwitch.inPlaceOfNull(span.start(), span.end());
            return;
        }
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw new FieldFault("stream_options", "the field stream_options must be an object");
        }
        int afterBrace = (int) json.currentLocation().getByteOffset();
        UsageSwitch flag = null;
        int endBefore = -1;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            int start = (int) json.currentTokenLocation().getByteOffset();
            followed(start, endBefore);
            boolean wanted = name.equalsIgnoreCase("include_usage");
            if (wanted && !name.equals("include_usage")) {
                throw new FieldFault("stream_options", "the field include_usage must be written in small letters");
            }
            json.nextToken();
            if (wanted && flag != null) {
                throw new FieldFault("stream_options", "the field include_usage stands in stream_options twice");
            } else if (wanted) {
                usageWanted = bool("stream_options.include_usage", json);
                json.finishToken();
                flag = UsageSwitch.inPlaceOfFlag(
                        spanOf(json).start(), spanOf(json).end());
            } else {
                json.skipChildren();
                json.finishToken();
            }
            int end = (int) json.currentLocation().getByteOffset();
            noted(name, start, end, endBefore);
            endBefore = end;
        }
        usageSwitch = flag == null ? UsageSwitch.intoObject(afterBrace, endBefore < 0) : flag;
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
