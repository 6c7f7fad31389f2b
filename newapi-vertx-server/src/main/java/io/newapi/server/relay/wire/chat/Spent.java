package io.newapi.server.relay.wire.chat;

import io.newapi.core.pricing.Usage;
import io.newapi.core.pricing.UsageSemantics;

/**
 * What an answer took.
 *
 * @param usage as the provider counted it
 * @param reasoningTokens the part of the completion that was thought and not said
 */
public record Spent(Usage usage, long reasoningTokens) {

    /** The prompt with what was read from and written to the cache, as OpenAI and Google count it. */
    public long promptWithCache() {
        return usage.semantics() == UsageSemantics.OPENAI
                ? usage.promptTokens()
                : usage.promptTokens() + usage.cachedTokens() + usage.writtenTokens();
    }

    /** The prompt without both, as Anthropic counts it; never below zero. */
    public long promptWithoutCache() {
        return usage.semantics() == UsageSemantics.ANTHROPIC
                ? usage.promptTokens()
                : Math.max(0, usage.promptTokens() - usage.cachedTokens() - usage.writtenTokens());
    }
}
