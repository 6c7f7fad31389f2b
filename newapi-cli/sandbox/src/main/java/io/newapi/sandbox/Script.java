package io.newapi.sandbox;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one answer is to be like. Immutable; absent figures are derived from the request's text.
 *
 * @param promptTokens reported prompt tokens; absent: the words of all messages
 * @param completionTokens reported completion tokens; absent: the words of the answer
 * @param cachedTokens reported prompt tokens that were read from a cache
 * @param cacheWriteTokens reported prompt tokens that were written to a cache
 * @param reasoningTokens reported reasoning tokens among the completion tokens; absent: the words of the reasoning
 * @param thinking the reasoning to show; absent: some if the request asks for reasoning
 * @param content the answer's text; absent: an echo of the last user message, or as many words as completion tokens
 * @param chunks content chunks of a streamed answer, 1 to 1,000,000; absent: one per word
 * @param latency time before the response head
 * @param chunkDelay time before each content chunk after the first
 * @param fault the accident
 * @param retryAfterSeconds {@code Retry-After} of an error answer; absent: no such header
 */
public record Script(
        @Nullable Long promptTokens,
        @Nullable Long completionTokens,
        long cachedTokens,
        long cacheWriteTokens,
        @Nullable Long reasoningTokens,
        @Nullable String thinking,
        @Nullable String content,
        @Nullable Long chunks,
        Duration latency,
        Duration chunkDelay,
        Fault fault,
        @Nullable Long retryAfterSeconds) {

    /** Everything derived from the request, without delay or accident. */
    public static final Script PLAIN =
            new Script(null, null, 0, 0, null, null, null, null, Duration.ZERO, Duration.ZERO, Fault.NONE, null);

    private static final long MOST_TOKENS = 1_000_000_000_000L;
    private static final long MOST_MILLIS = 3_600_000;
    private static final long MOST_CHUNKS = 1_000_000;

    private static final Set<String> KEYS = Set.of(
            "prompt_tokens",
            "completion_tokens",
            "cached_tokens",
            "cache_write_tokens",
            "reasoning_tokens",
            "thinking",
            "content",
            "chunks",
            "latency_ms",
            "chunk_delay_ms",
            "fault",
            "status",
            "retry_after");

    /** @throws IllegalArgumentException if a figure is out of its range */
    public Script {
        within("prompt_tokens", promptTokens, 0, MOST_TOKENS);
        within("completion_tokens", completionTokens, 0, MOST_TOKENS);
        within("cached_tokens", cachedTokens, 0, MOST_TOKENS);
        within("cache_write_tokens", cacheWriteTokens, 0, MOST_TOKENS);
        within("reasoning_tokens", reasoningTokens, 0, MOST_TOKENS);
        within("chunks", chunks, 1, MOST_CHUNKS);
        within("latency_ms", latency.toMillis(), 0, MOST_MILLIS);
        within("chunk_delay_ms", chunkDelay.toMillis(), 0, MOST_MILLIS);
        within("retry_after", retryAfterSeconds, 0, 86_400);
    }

    /** The same with other reported figures. */
    public Script withUsage(long promptTokens, long completionTokens, long cachedTokens) {
        return with(new JsonObject()
                .put("prompt_tokens", promptTokens)
                .put("completion_tokens", completionTokens)
                .put("cached_tokens", cachedTokens));
    }

    /** The same with other reported prompt tokens. */
    public Script withPromptTokens(long promptTokens) {
        return with(new JsonObject().put("prompt_tokens", promptTokens));
    }

    /** The same with other reported completion tokens. */
    public Script withCompletionTokens(long completionTokens) {
        return with(new JsonObject().put("completion_tokens", completionTokens));
    }

    /** The same answering this text. */
    public Script withContent(String content) {
        return with(new JsonObject().put("content", content));
    }

    /** The same showing this reasoning. */
    public Script withThinking(String thinking) {
        return with(new JsonObject().put("thinking", thinking));
    }

    /** The same with other reported reasoning tokens. */
    public Script withReasoningTokens(long reasoningTokens) {
        return with(new JsonObject().put("reasoning_tokens", reasoningTokens));
    }

    /** The same with other reported tokens written to a cache. */
    public Script withCacheWriteTokens(long cacheWriteTokens) {
        return with(new JsonObject().put("cache_write_tokens", cacheWriteTokens));
    }

    /** The same with another number of content chunks. */
    public Script withChunks(long chunks) {
        return with(new JsonObject().put("chunks", chunks));
    }

    /** The same with other delays, in whole milliseconds. */
    public Script withDelays(Duration latency, Duration chunkDelay) {
        return with(
                new JsonObject().put("latency_ms", latency.toMillis()).put("chunk_delay_ms", chunkDelay.toMillis()));
    }

    /** The same with another accident. */
    public Script withFault(Fault fault) {
        return with(new JsonObject().put("fault", fault.toString()));
    }

    /** The same with {@code Retry-After} on error answers. */
    public Script withRetryAfterSeconds(long seconds) {
        return with(new JsonObject().put("retry_after", seconds));
    }

    /** What its fault leaves of a usage; absent: nothing is reported. */
    @Nullable
    Usage reported(Usage usage) {
        if (fault.is(Fault.Kind.NO_USAGE)) {
            return null;
        }
        return fault.is(Fault.Kind.ZERO_USAGE) ? Usage.ZERO : usage;
    }

    /**
     * This script with what {@code wishes} asks for: the keys are the ones of the request's {@code sandbox} object.
     *
     * @throws IllegalArgumentException if a key is unknown or a value is of the wrong kind or out of range
     */
    Script with(JsonObject wishes) {
        for (Map.Entry<String, Object> wish : wishes) {
            if (!KEYS.contains(wish.getKey())) {
                throw new IllegalArgumentException("unknown key in the sandbox object: " + wish.getKey());
            }
        }
        return new Script(
                number(wishes, "prompt_tokens", promptTokens),
                number(wishes, "completion_tokens", completionTokens),
                figure(wishes, "cached_tokens", cachedTokens),
                figure(wishes, "cache_write_tokens", cacheWriteTokens),
                number(wishes, "reasoning_tokens", reasoningTokens),
                wishes.getValue("thinking") == null ? thinking : text(wishes, "thinking"),
                wishes.getValue("content") == null ? content : text(wishes, "content"),
                number(wishes, "chunks", chunks),
                Duration.ofMillis(figure(wishes, "latency_ms", latency.toMillis())),
                Duration.ofMillis(figure(wishes, "chunk_delay_ms", chunkDelay.toMillis())),
                fault(wishes),
                number(wishes, "retry_after", retryAfterSeconds));
    }

    private Fault fault(JsonObject wishes) {
        if (wishes.getValue("fault") != null) {
            return Fault.parse(text(wishes, "fault"));
        }
        Long status = number(wishes, "status", null);
        return status == null ? fault : new Fault(Fault.Kind.STATUS, status);
    }

    private static String text(JsonObject wishes, String key) {
        if (wishes.getValue(key) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException(key + " must be a text: " + wishes.getValue(key));
    }

    private static long figure(JsonObject wishes, String key, long otherwise) {
        Long given = number(wishes, key, otherwise);
        return given == null ? otherwise : given;
    }

    private static @Nullable Long number(JsonObject wishes, String key, @Nullable Long otherwise) {
        Object value = wishes.getValue(key);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Integer || value instanceof Long) {
            return ((Number) value).longValue();
        }
        throw new IllegalArgumentException(key + " must be a whole number: " + value);
    }

    private static void within(String name, @Nullable Long value, long least, long most) {
        if (value != null && (value < least || value > most)) {
            throw new IllegalArgumentException(name + " must be from " + least + " to " + most + ": " + value);
        }
    }
}
