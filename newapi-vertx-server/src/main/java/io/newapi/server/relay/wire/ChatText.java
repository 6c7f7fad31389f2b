package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.core.estimate.Estimate;
import io.newapi.core.estimate.TextEstimator;
import java.io.IOException;
import java.math.BigInteger;
import java.util.BitSet;

/**
 * Counts the text of choices as it comes by: content, reasoning, tool names and arguments. Keeps no text, only the
 * count.
 */
final class ChatText {

    private static final long TOKENS_PER_TOOL_CALL = 7;

    /** More choices are not told apart; no request may ask for more. */
    private static final BigInteger LAST_INDEX = BigInteger.valueOf(127);

    private final Estimate estimate;
    private int mostToolCalls;
    private final BitSet seen = new BitSet(1);
    private final BitSet finished = new BitSet(1);
    private int choices;
    private long pieces;

    ChatText(String model) {
        this.estimate = TextEstimator.forModel(model).start();
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

    /** How many pieces of text and calls of tools were written: more of them means that something was added. */
    long pieces() {
        return pieces;
    }

    /** The estimated text units of everything seen. */
    long tokens() {
        return estimate.tokens() + TOKENS_PER_TOOL_CALL * mostToolCalls;
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
            pieces++;
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
            String piece = json.getText();
            pieces += piece.isEmpty() ? 0 : 1;
            estimate.add(piece);
        } else {
            json.skipChildren();
        }
    }
}
