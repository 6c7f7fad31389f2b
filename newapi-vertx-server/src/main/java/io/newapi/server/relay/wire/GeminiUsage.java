package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.core.pricing.Usage;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads Google's {@code usageMetadata} (Gemini API reference, {@code GenerateContentResponse.UsageMetadata}): the prompt includes
 * what was read from a cache and what tools have brought; what was thought counts as written.
 */
final class GeminiUsage {

    private static final int MAX_DIGITS = 15;

    private final Map<String, Long> counts = new HashMap<>();
    private long audioTokens;

    private GeminiUsage() {}

    /**
     * Reads the object whose first token is current; leaves the parser at its end.
     *
     * @return null if it counts nothing: such an object reports nothing, not zero
     */
    static @Nullable Usage read(JsonParser json) throws IOException {
        GeminiUsage usage = new GeminiUsage();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken token = json.nextToken();
            if (token.isNumeric()) {
                usage.counts.put(name, count(json));
            } else if (name.equals("promptTokensDetails") && token == JsonToken.START_ARRAY) {
                usage.details(json);
            } else {
                json.skipChildren();
            }
        }
        return usage.counts.containsKey("promptTokenCount") || usage.counts.containsKey("candidatesTokenCount")
                ? usage.usage()
                : null;
    }

    private Usage usage() {
        long prompt = of("promptTokenCount") + of("toolUsePromptTokenCount");
        long written = of("candidatesTokenCount") + of("thoughtsTokenCount");
        return Usage.of(prompt, written)
                .withCachedTokens(of("cachedContentTokenCount"))
                .withAudioTokens(audioTokens);
    }

    private long of(String name) {
        return counts.getOrDefault(name, 0L);
    }

    private void details(JsonParser json) throws IOException {
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() == JsonToken.START_OBJECT) {
                detail(json);
            } else {
                json.skipChildren();
            }
        }
    }

    private void detail(JsonParser json) throws IOException {
        boolean audio = false;
        long tokens = 0;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken token = json.nextToken();
            if (name.equals("modality") && token == JsonToken.VALUE_STRING) {
                audio = json.getText().equals("AUDIO");
            } else if (name.equals("tokenCount") && token.isNumeric()) {
                tokens = count(json);
            } else {
                json.skipChildren();
            }
        }
        audioTokens += audio ? tokens : 0;
    }

    /** A count that no real call can have is cut; below zero it is nothing. Two of them together stay countable. */
    private static long count(JsonParser json) throws IOException {
        BigDecimal value = json.getDecimalValue();
        if (value.signum() <= 0) {
            return 0;
        }
        long digits = (long) value.precision() - value.scale();
        return digits > MAX_DIGITS ? Usage.MAX_COUNT / 16 : value.longValue();
    }
}
