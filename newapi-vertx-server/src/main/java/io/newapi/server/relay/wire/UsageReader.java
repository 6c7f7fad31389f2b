package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.newapi.core.pricing.AudioUsage;
import io.newapi.core.pricing.Usage;
import io.newapi.core.pricing.UsageSemantics;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a usage object as an OpenAI-compatible upstream sends it.
 *
 * <p>Names come from OpenAI's chat completion object, with those that other vendors put into the same place:
 * {@code prompt_cache_hit_tokens} (DeepSeek), {@code cached_tokens} (Zhipu), and Anthropic's cache counters, which say
 * that the prompt is counted without them.
 */
public final class UsageReader {

    /** What New API counts for a minute of sound. */
    private static final int TOKENS_PER_MINUTE = 1000;

    /** The details of a live connection's turn. */
    private static final String IN = "input_token_details.";

    private static final String OUT = "output_token_details.";

    private static final String SECONDS = "seconds";

    /** Longer than any sound. */
    private static final long MAX_SECONDS = 1_000_000_000;

    private final Map<String, Long> counts = new HashMap<>();

    private final CompletionCount counting;

    private UsageReader(CompletionCount counting) {
        this.counting = counting;
    }

    /**
     * Reads the object whose first token is current; leaves the parser at its end.
     *
     * @return null if it counts neither what was read nor what was written: such an object reports nothing, not zero
     */
    static @Nullable Usage read(JsonParser json, CompletionCount counting) throws IOException {
        UsageReader reader = new UsageReader(counting);
        reader.object("", json);
        return reader.reports() ? reader.usage() : null;
    }

    /**
     * Reads an object that is already a tree.
     *
     * @return null if it counts neither what was read nor what was written: such an object reports nothing, not zero
     */
    public static @Nullable Usage read(JsonObject object, CompletionCount counting) {
        UsageReader reader = new UsageReader(counting);
        reader.object("", object);
        return reader.reports() ? reader.usage() : null;
    }

    /**
     * Reads the usage of a transcription whose first token is current; leaves the parser at its end. Where the provider counts
     * seconds, a minute is {@value #TOKENS_PER_MINUTE} text units.
     *
     * @return null if it counts nothing
     */
    static @Nullable Usage readTranscription(JsonParser json) throws IOException {
        UsageReader reader = new UsageReader(CompletionCount.WITH_REASONING);
        reader.object("", json);
        Usage usage = reader.reports() ? reader.usage() : null;
        return usage != null && !usage.isZero() ? usage : ofSeconds(reader.first(SECONDS));
    }

    private static @Nullable Usage ofSeconds(long seconds) {
        long bounded = Math.min(seconds, MAX_SECONDS);
        // rounded half up
        return seconds == 0 ? null : Usage.of((bounded * TOKENS_PER_MINUTE + 30) / 60, 0);
    }

    /**
     * Reads the object whose first token is current where only what was read is counted; leaves the parser at its end.
     *
     * @param names of the count, the best first
     * @return null if it counts nothing: such an object reports nothing, not zero
     */
    static @Nullable Usage readInput(JsonParser json, String... names) throws IOException {
        UsageReader reader = new UsageReader(CompletionCount.WITH_REASONING);
        reader.object("", json);
        long tokens = reader.first(names);
        return tokens == 0 ? null : Usage.of(tokens, 0);
    }

    /**
     * Reads the usage of a turn of a live connection whose first token is current, in OpenAI's names for that; leaves the
     * parser at its end. What is not said to be sound is text.
     *
     * @return null if it counts nothing: such an object reports nothing, not zero
     */
    static @Nullable AudioUsage readTurn(JsonParser json) throws IOException {
        UsageReader reader = new UsageReader(CompletionCount.WITH_REASONING);
        reader.object("", json);
        boolean counts = reader.reports()
                || reader.counts.keySet().stream().anyMatch(name -> name.startsWith(IN) || name.startsWith(OUT));
        return counts
                ? new AudioUsage(
                                reader.first(IN + "text_tokens"),
                                reader.first(IN + "audio_tokens"),
                                reader.first(OUT + "text_tokens"),
                                reader.first(OUT + "audio_tokens"))
                        .within(
                                reader.first("input_tokens", "prompt_tokens"),
                                reader.first("output_tokens", "completion_tokens"))
                : null;
    }

    private boolean reports() {
        return counts.containsKey("prompt_tokens")
                || counts.containsKey("completion_tokens")
                || counts.containsKey("input_tokens")
                || counts.containsKey("output_tokens");
    }

    private void object(String prefix, JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = prefix + json.currentName();
            JsonToken token = json.nextToken();
            if (token.isNumeric()) {
                BigDecimal value = json.getDecimalValue();
                counts.put(name, name.equals(SECONDS) ? begun(value) : count(value));
            } else if (token == JsonToken.START_OBJECT && prefix.isEmpty()) {
                object(name + ".", json);
            } else {
                json.skipChildren();
            }
        }
    }

    private void object(String prefix, JsonObject object) {
        for (String field : object.fieldNames()) {
            Object value = object.getValue(field);
            if (value instanceof BigDecimal || value instanceof BigInteger) {
                counts.put(prefix + field, count(new BigDecimal(value.toString())));
            } else if (value instanceof Number number) {
                counts.put(prefix + field, count(BigDecimal.valueOf(number.longValue())));
            } else if (value instanceof JsonObject details && prefix.isEmpty()) {
                object(field + ".", details);
            }
        }
    }

    /** Seconds, of which the last that has begun counts as a whole one. */
    private static long begun(BigDecimal value) {
        long whole = count(value);
        return value.compareTo(BigDecimal.valueOf(whole)) > 0 && whole < Usage.MAX_COUNT ? whole + 1 : whole;
    }

    /** A count that no real call can have is cut to the largest that is counted; below zero it is nothing. */
    private static long count(BigDecimal value) {
        if (value.signum() <= 0) {
            return 0;
        }
        // first the number of digits: 1e999999999 must not be written out
        long digits = (long) value.precision() - value.scale();
        return digits > 18 ? Usage.MAX_COUNT : Math.min(value.longValue(), Usage.MAX_COUNT);
    }

    private Usage usage() {
        long prompt = first("prompt_tokens", "input_tokens");
        long completion = completion(prompt);
        Usage usage = Usage.of(prompt, completion)
                .withCachedTokens(first(
                        "prompt_tokens_details.cached_tokens",
                        "input_tokens_details.cached_tokens",
                        "cache_read_input_tokens",
                        "prompt_cache_hit_tokens",
                        "cached_tokens"))
                .withCacheWriteTokens(Math.max(
                        first(
                                "prompt_tokens_details.cached_creation_tokens",
                                "prompt_tokens_details.cache_write_tokens",
                                "input_tokens_details.cache_write_tokens",
                                "cache_write_tokens"),
                        first("cache_creation_input_tokens")))
                .withImageTokens(first("prompt_tokens_details.image_tokens", "input_tokens_details.image_tokens"));
        if (counts.containsKey("cache_creation.ephemeral_5m_input_tokens")
                || counts.containsKey("cache_creation.ephemeral_1h_input_tokens")) {
            usage = usage.withCacheWriteSplit(
                    first("cache_creation.ephemeral_5m_input_tokens"),
                    first("cache_creation.ephemeral_1h_input_tokens"));
        }
        return isAnthropic() ? usage.withSemantics(UsageSemantics.ANTHROPIC) : usage;
    }

    /** A total that is less than both together says nothing. */
    private long completion(long prompt) {
        long named = first("completion_tokens", "output_tokens");
        return counting == CompletionCount.REASONING_IN_TOTAL ? Math.max(named, first("total_tokens") - prompt) : named;
    }

    private boolean isAnthropic() {
        return !counts.containsKey("prompt_tokens")
                && (counts.containsKey("cache_read_input_tokens")
                        || counts.containsKey("cache_creation_input_tokens")
                        || counts.containsKey("cache_creation.ephemeral_5m_input_tokens")
                        || counts.containsKey("cache_creation.ephemeral_1h_input_tokens"));
    }

    private long first(String... names) {
        for (String name : names) {
            Long count = counts.get(name);
            if (count != null && count > 0) {
                return count;
            }
        }
        return 0;
    }
}
