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
 * @param images how many images are in it; {@link MeteredUsage#AS_ORDERED} if it is no answer with images
 */
public record AnswerFacts(
        boolean readable, boolean error, @Nullable Usage usage, long estimatedCompletionTokens, long images) {

    /** Of an answer without images. */
    public AnswerFacts(boolean readable, boolean error, @Nullable Usage usage, long estimatedCompletionTokens) {
        this(readable, error, usage, estimatedCompletionTokens, MeteredUsage.AS_ORDERED);
    }

    /** What to charge: the upstream's figures, or the estimate where it gave none. */
    public MeteredUsage metered(long estimatedPromptTokens) {
        if (images != MeteredUsage.AS_ORDERED) {
            return new MeteredUsage(usage == null ? Usage.of(0, 0) : usage, usage == null, images);
        }
        return usage != null
                ? new MeteredUsage(usage, false)
                : new MeteredUsage(Usage.of(estimatedPromptTokens, estimatedCompletionTokens), true);
    }
}
