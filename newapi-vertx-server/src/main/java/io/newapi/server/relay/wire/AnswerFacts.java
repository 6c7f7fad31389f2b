package io.newapi.server.relay.wire;

import io.newapi.core.pricing.Usage;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer, looked at once for its usage.
 *
 * @param readable whether it is a JSON object at all
 * @param error whether it is an error in spite of its status
 * @param usage what the upstream reported, or null
 * @param estimatedCompletionTokens what its text amounts to
 */
public record AnswerFacts(
        boolean readable, boolean error, @Nullable Usage usage, long estimatedCompletionTokens) {

    /** What to charge: the upstream's figures, or the estimate where it gave none. */
    public MeteredUsage metered(long estimatedPromptTokens) {
        return usage != null
                ? new MeteredUsage(usage, false)
                : new MeteredUsage(Usage.of(estimatedPromptTokens, estimatedCompletionTokens), true);
    }
}
