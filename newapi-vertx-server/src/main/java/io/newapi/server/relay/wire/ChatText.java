package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigInteger;
import java.util.BitSet;

/**
 * Counts the text of choices as it comes by: content, reasoning, tool names and arguments. Keeps no text, only the
 * count.
 */
final class ChatText extends WrittenText {

    private static final long TOKENS_PER_TOOL_CALL = 7;

    /** More choices are not told apart; no request may ask for more. */
    private static final BigInteger LAST_INDEX = BigInteger.valueOf(127);

    private int mostToolCalls;
    private final BitSet seen = new BitSet(1);
    private final BitSet finished = new BitSet(1);
    private int choices;

    ChatText(String model) {
        super(model);
    }

    /** Reads the array of choices whose first token is current. */
    void choices(JsonParser json) throws IOException {
        choices = 0;
        if (json.currentToken() != JsonToken.START_ARRAY) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            choices++;
            if (json.currentToken() != JsonToken.START_OBJECT) {
                json.skipChildren();
                continue;
            }
            choice(json);
        }
    }

    /** How many choices the last array had. */
    int lastChoices() {
        return choices;
    }

    /** Whether every choice that was seen has said why it ended. */
    boolean finished() {
        return !seen.isEmpty() && seen.equals(finished);
    }

    @Override
    long tokens() {
        return super.tokens() + TOKENS_PER_TOOL_CALL * mostToolCalls;
    }

    private void choice(JsonParser json) throws IOException {
        int index = 0;
        boolean ends = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken token = json.nextToken();
            switch (name) {
                case "delta", "message" -> {
                    if (token == JsonToken.START_OBJECT) {
                        message(json);
                    } else {
                        json.skipChildren();
                    }
                }
                case "finish_reason" -> {
                    ends |= token == JsonToken.VALUE_STRING && !json.getText().isEmpty();
                    json.skipChildren();
                }
                case "index" -> {
                    if (token == JsonToken.VALUE_NUMBER_INT) {
                        index = json.getBigIntegerValue()
                                .max(BigInteger.ZERO)
                                .min(LAST_INDEX)
                                .intValue();
                    } else {
                        json.skipChildren();
                    }
                }
                case "text" -> text(json);
                default -> json.skipChildren();
            }
        }
        seen.set(index);
        if (ends) {
            finished.set(index);
        }
    }

    private void message(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken token = json.nextToken();
            switch (name) {
                case "content", "reasoning_content", "reasoning", "refusal" -> {
                    if (token == JsonToken.START_ARRAY) {
                        parts(json);
                    } else {
                        text(json);
                    }
                }
                case "tool_calls" -> {
                    if (token == JsonToken.START_ARRAY) {
                        toolCalls(json);
                    } else {
                        json.skipChildren();
                    }
                }
                case "function_call" -> function(json);
                default -> json.skipChildren();
            }
        }
    }

    private void toolCalls(JsonParser json) throws IOException {
        int calls = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            calls++;
            emptyPiece();
            if (json.currentToken() != JsonToken.START_OBJECT) {
                json.skipChildren();
                continue;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean function = json.currentName().equals("function");
                json.nextToken();
                if (function) {
                    function(json);
                } else {
                    json.skipChildren();
                }
            }
        }
        mostToolCalls = Math.max(mostToolCalls, calls);
    }

    /** A name with arguments. */
    private void function(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            json.nextToken();
            text(json);
        }
    }

    /** A text in parts, as some vendors send thoughts beside it: only what is text counts. */
    private void parts(JsonParser json) throws IOException {
        boolean text = false;
        for (int depth = 1; depth > 0; ) {
            JsonToken token = json.nextToken();
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (token == JsonToken.FIELD_NAME) {
                text = json.currentName().equals("text") || json.currentName().equals("thinking");
            } else if (text && token == JsonToken.VALUE_STRING) {
                text(json);
            }
        }
    }

    private void text(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            piece(json.getText());
        } else {
            json.skipChildren();
        }
    }
}
