package io.newapi.server.relay.wire.chat;

import io.newapi.core.pricing.Usage;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * {@code usageMetadata} (Gemini API reference, {@code UsageMetadata}): the prompt is counted with what was read from the cache and
 * without what its tools found; thoughts are counted beside the answer. A counter that is left out is zero.
 */
final class GeminiUsage {

    private GeminiUsage() {}

    /** What it says; null if it counts neither what was read nor what was written. */
    static @Nullable Spent read(@Nullable GeminiFields usage) {
        if (usage == null
                || !(usage.has("promptTokenCount")
                        || usage.has("candidatesTokenCount")
                        || usage.has("totalTokenCount"))) {
            return null;
        }
        long thoughts = count(usage, "thoughtsTokenCount");
        return new Spent(
                Usage.of(
                                sum(count(usage, "promptTokenCount"), count(usage, "toolUsePromptTokenCount")),
                                sum(count(usage, "candidatesTokenCount"), thoughts))
                        .withCachedTokens(count(usage, "cachedContentTokenCount"))
                        .withAudioTokens(ofKind(usage, "AUDIO"))
                        .withImageTokens(ofKind(usage, "IMAGE")),
                thoughts);
    }

    private static long count(GeminiFields usage, String name) {
        return Math.min(usage.count(name), Usage.MAX_COUNT);
    }

    private static long sum(long one, long other) {
        return Math.min(one + other, Usage.MAX_COUNT);
    }

    private static long ofKind(GeminiFields usage, String kind) {
        long all = 0;
        for (GeminiFields detail : usage.objects("promptTokensDetails")) {
            if (detail.text("modality", "").equals(kind)) {
                all = sum(all, count(detail, "tokenCount"));
            }
        }
        return all;
    }

    static JsonObject write(Spent spent) {
        Usage usage = spent.usage();
        long prompt = spent.promptWithCache();
        long thoughts = Math.min(spent.reasoningTokens(), usage.completionTokens());
        JsonObject written = new JsonObject()
                .put("promptTokenCount", prompt)
                .put("candidatesTokenCount", usage.completionTokens() - thoughts)
                .put("totalTokenCount", prompt + usage.completionTokens());
        if (thoughts > 0) {
            written.put("thoughtsTokenCount", thoughts);
        }
        if (usage.cachedTokens() > 0) {
            written.put("cachedContentTokenCount", usage.cachedTokens());
        }
        JsonArray details = new JsonArray();
        addDetail("AUDIO", usage.audioTokens(), details);
        addDetail("IMAGE", usage.imageTokens(), details);
        if (!details.isEmpty()) {
            long text = prompt - usage.audioTokens() - usage.imageTokens();
            addDetail("TEXT", text, details);
            written.put("promptTokensDetails", details);
        }
        return written;
    }

    private static void addDetail(String kind, long tokens, JsonArray to) {
        if (tokens > 0) {
            to.add(new JsonObject().put("modality", kind).put("tokenCount", tokens));
        }
    }
}
