package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigInteger;
import java.util.BitSet;

/** Counts the text of candidates in Google's format as it comes by, and notes whether they have said why they end. */
final class GeminiText extends WrittenText {

    /** More candidates are not told apart; no request may ask for more. */
    private static final BigInteger LAST_INDEX = BigInteger.valueOf(127);

    private int candidates;
    private final BitSet seen = new BitSet(1);
    private final BitSet finished = new BitSet(1);

    GeminiText(String model) {
        super(model);
    }

    /** How many candidates the last list had. */
    int lastCandidates() {
        return candidates;
    }

    /** Whether every candidate that was seen has said why it ends. */
    boolean saidWhy() {
        return !seen.isEmpty() && seen.equals(finished);
    }

    /** Reads the list of candidates whose first token is current. */
    void candidates(JsonParser json) throws IOException {
        candidates = 0;
        if (json.currentToken() != JsonToken.START_ARRAY) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            candidates++;
            if (json.currentToken() == JsonToken.START_OBJECT) {
                candidate(json);
            } else {
                json.skipChildren();
            }
        }
    }

    private void candidate(JsonParser json) throws IOException {
        int index = 0;
        boolean ends = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken token = json.nextToken();
            if (name.equals("finishReason")) {
                ends |= token == JsonToken.VALUE_STRING && !json.getText().equals("FINISH_REASON_UNSPECIFIED");
                json.skipChildren();
            } else if (name.equals("index") && token == JsonToken.VALUE_NUMBER_INT) {
                index = json.getBigIntegerValue()
                        .max(BigInteger.ZERO)
                        .min(LAST_INDEX)
                        .intValue();
            } else if (name.equals("content")) {
                texts(json);
            } else {
                json.skipChildren();
            }
        }
        seen.set(index);
        if (ends) {
            finished.set(index);
        }
    }

    /** Words, names and arguments; not bytes of pictures, which are no text. */
    private void texts(JsonParser json) throws IOException {
        if (!json.currentToken().isStructStart()) {
            return;
        }
        String name = "";
        for (int depth = 1; depth > 0; ) {
            JsonToken token = json.nextToken();
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (token == JsonToken.FIELD_NAME) {
                name = json.currentName();
            } else if (token == JsonToken.VALUE_STRING && isWritten(name)) {
                piece(json.getText());
            }
        }
    }

    private static boolean isWritten(String name) {
        return switch (name) {
            case "role", "data", "mimeType", "thoughtSignature", "fileUri", "id" -> false;
            default -> true;
        };
    }
}
