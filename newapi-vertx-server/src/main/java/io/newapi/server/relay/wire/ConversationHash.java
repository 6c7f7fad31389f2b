package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Set;

/**
 * What stays the same in the requests of one conversation, which grow at their end: the client's {@code prompt_cache_key},
 * or else the messages up to the first one that is the user's. How the body is laid out does not matter, only what it says.
 */
final class ConversationHash {

    private static final long PRIME = 0x100_0000_01B3L;

    /** Where formats have what comes before all that is said. */
    private static final Set<String> APART =
            Set.of("system", "systemInstruction", "system_instruction", "instructions");

    private static final Set<String> TURNS = Set.of("messages", "contents", "input");

    private static final Set<String> INSTRUCTIONS = Set.of("system", "developer");

    private long hash = 0xCBF2_9CE4_8422_2325L;
    private long apart;
    private long named;
    private boolean userSpoke;

    private ConversationHash() {}

    /** The hash of a body that was scanned before; 64 bits that are not fit for tables before they are mixed. */
    static long of(Content body) {
        ConversationHash conversation = new ConversationHash();
        try (JsonParser json = Json.parser(body)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (name.equals("prompt_cache_key") && value == JsonToken.VALUE_STRING) {
                    conversation.named = hashed(PRIME, json.getText());
                } else if (TURNS.contains(name) && value == JsonToken.START_ARRAY) {
                    conversation.messages(json);
                } else if (APART.contains(name)) {
                    conversation.instructions(json);
                } else {
                    json.skipChildren();
                }
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("not a body that was scanned before", e);
        }
        return conversation.named != 0 ? conversation.named : conversation.hash ^ conversation.apart * PRIME;
    }

    private void instructions(JsonParser json) throws IOException {
        long before = hash;
        hash = PRIME;
        texts(json);
        apart = hash;
        hash = before;
    }

    private void messages(JsonParser json) throws IOException {
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (userSpoke) {
                json.skipChildren();
            } else {
                message(json);
            }
        }
    }

    /** A role may stand behind its content. */
    private void message(JsonParser json) throws IOException {
        long before = hash;
        String role = "";
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            if (name.equals("role") && value == JsonToken.VALUE_STRING) {
                role = json.getText();
            } else if (name.equals("content") || name.equals("parts")) {
                texts(json);
            } else {
                json.skipChildren();
            }
        }
        userSpoke = role.equals("user");
        hash = userSpoke || INSTRUCTIONS.contains(role) ? hashed(hash, role) : before;
    }

    private void texts(JsonParser json) throws IOException {
        int depth = 0;
        JsonToken token = json.currentToken();
        while (true) {
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (token == JsonToken.VALUE_STRING) {
                hash = hashed(hash, json.getText());
            }
            if (depth == 0) {
                return;
            }
            token = json.nextToken();
        }
    }

    private static long hashed(long start, String text) {
        long sum = start;
        for (int i = 0; i < text.length(); i++) {
            sum = (sum ^ text.charAt(i)) * PRIME;
        }
        return (sum ^ 0xFFFF) * PRIME;
    }
}
