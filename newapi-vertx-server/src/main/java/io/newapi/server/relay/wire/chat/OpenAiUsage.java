package io.newapi.server.relay.wire.chat;

import io.newapi.core.pricing.Usage;
import io.newapi.server.relay.wire.CompletionCount;
import io.newapi.server.relay.wire.UsageReader;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The usage objects of OpenAI's two formats. Both count what was read from the cache, and written to it, among the prompt, and
 * what was thought among the completion.
 */
final class OpenAiUsage {

    private OpenAiUsage() {}

    /** What a usage object says; null if it says nothing. Zero is something. */
    static @Nullable Spent read(@Nullable Object object, CompletionCount counting) {
        if (!(object instanceof JsonObject usage)) {
            return null;
        }
        Usage read = UsageReader.read(usage, counting);
        if (read == null) {
            return null;
        }
        long thought = Math.max(
                count(usage, "completion_tokens_details", "reasoning_tokens"),
                count(usage, "output_tokens_details", "reasoning_tokens"));
        long heard = count(usage, "prompt_tokens_details", "audio_tokens");
        return new Spent(heard > 0 ? read.withAudioTokens(heard) : read, thought);
    }

    /** A count of the details; what is no plain count is none. */
    private static long count(JsonObject usage, String details, String name) {
        return usage.getValue(details) instanceof JsonObject found && found.getValue(name) instanceof Number number
                ? Math.max(0, Math.min(number.longValue(), Usage.MAX_COUNT))
                : 0;
    }

    /** As the chat completion object has it. The second name for what was written to the cache is that of other gateways. */
    static JsonObject chat(Spent spent) {
        Usage usage = spent.usage();
        JsonObject prompt = new JsonObject().put("cached_tokens", usage.cachedTokens());
        if (usage.writtenTokens() > 0) {
            prompt.put("cache_write_tokens", usage.writtenTokens())
                    .put("cached_creation_tokens", usage.writtenTokens());
        }
        putIfAny(prompt, "audio_tokens", usage.audioTokens());
        putIfAny(prompt, "image_tokens", usage.imageTokens());
        return new JsonObject()
                .put("prompt_tokens", spent.promptWithCache())
                .put("completion_tokens", usage.completionTokens())
                .put("total_tokens", spent.promptWithCache() + usage.completionTokens())
                .put("prompt_tokens_details", prompt)
                .put("completion_tokens_details", new JsonObject().put("reasoning_tokens", spent.reasoningTokens()));
    }

    /** As the response object has it. */
    static JsonObject responses(Spent spent) {
        Usage usage = spent.usage();
        return new JsonObject()
                .put("input_tokens", spent.promptWithCache())
                .put(
                        "input_tokens_details",
                        new JsonObject()
                                .put("cached_tokens", usage.cachedTokens())
                                .put("cache_write_tokens", usage.writtenTokens()))
                .put("output_tokens", usage.completionTokens())
                .put("output_tokens_details", new JsonObject().put("reasoning_tokens", spent.reasoningTokens()))
                .put("total_tokens", spent.promptWithCache() + usage.completionTokens());
    }

    private static void putIfAny(JsonObject into, String name, long count) {
        if (count > 0) {
            into.put(name, count);
        }
    }
}
