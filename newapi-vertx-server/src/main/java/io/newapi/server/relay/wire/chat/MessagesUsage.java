package io.newapi.server.relay.wire.chat;

import io.newapi.core.pricing.Usage;
import io.newapi.core.pricing.UsageSemantics;
import io.vertx.core.json.JsonObject;

/**
 * Anthropic's {@code usage} (Messages API reference, {@code Usage}): what was read from and written to the cache is not in {@code
 * input_tokens}.
 */
record MessagesUsage(
        long input, long output, long cacheRead, long cacheWrite, long fiveMinutes, long oneHour, long thinking) {

    static final MessagesUsage NONE = new MessagesUsage(0, 0, 0, 0, 0, 0, 0);

    /**
     * With what a later event of the same answer says. Counters of a stream only grow (documentation, streaming: event types), so
     * that one which an event leaves out or has as zero is what it was.
     */
    MessagesUsage with(Fields usage) {
        Fields split = usage.objectOrNull("cache_creation");
        Fields details = usage.objectOrNull("output_tokens_details");
        return new MessagesUsage(
                larger(input, usage, "input_tokens"),
                larger(output, usage, "output_tokens"),
                larger(cacheRead, usage, "cache_read_input_tokens"),
                larger(cacheWrite, usage, "cache_creation_input_tokens"),
                split == null ? fiveMinutes : larger(fiveMinutes, split, "ephemeral_5m_input_tokens"),
                split == null ? oneHour : larger(oneHour, split, "ephemeral_1h_input_tokens"),
                details == null ? thinking : larger(thinking, details, "thinking_tokens"));
    }

    /** Whether it counts what was read or written; one that does neither reports nothing, not zero. */
    static boolean reports(Fields usage) {
        return usage.has("input_tokens") || usage.has("output_tokens");
    }

    private static long larger(long before, Fields usage, String name) {
        return Math.max(before, Math.min(usage.count(name), Usage.MAX_COUNT));
    }

    Spent spent() {
        return new Spent(
                Usage.of(input, output)
                        .withCachedTokens(cacheRead)
                        .withCacheWriteTokens(cacheWrite)
                        .withCacheWriteSplit(fiveMinutes, oneHour)
                        .withSemantics(UsageSemantics.ANTHROPIC),
                thinking);
    }

    /** The object that says it. */
    static JsonObject write(Spent spent) {
        Usage usage = spent.usage();
        JsonObject written = new JsonObject()
                .put("input_tokens", spent.promptWithoutCache())
                .put("cache_creation_input_tokens", usage.writtenTokens())
                .put("cache_read_input_tokens", usage.cachedTokens())
                .put("output_tokens", usage.completionTokens());
        if (usage.cacheWrite5mTokens() + usage.cacheWrite1hTokens() > 0) {
            written.put(
                    "cache_creation",
                    new JsonObject()
                            .put("ephemeral_5m_input_tokens", usage.cacheWrite5mTokens())
                            .put("ephemeral_1h_input_tokens", usage.cacheWrite1hTokens()));
        }
        if (spent.reasoningTokens() > 0) {
            written.put("output_tokens_details", new JsonObject().put("thinking_tokens", spent.reasoningTokens()));
        }
        return written;
    }

    /** The object before anything is known but how long the prompt may be. */
    static JsonObject estimate(long promptTokens) {
        return write(new Spent(Usage.of(promptTokens, 0), 0));
    }
}
