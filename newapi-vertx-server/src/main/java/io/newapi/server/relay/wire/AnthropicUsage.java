package io.newapi.server.relay.wire;

import com.fasterxml.jackson.core.JsonParser;
import io.newapi.core.pricing.Usage;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What Anthropic reports in the course of an answer: the prompt when it begins, everything written so far, and seldom the prompt
 * again, when it goes on (Messages API, streaming: {@code message_start}, {@code message_delta}).
 */
final class AnthropicUsage {

    private @Nullable Usage usage;

    /** Reads the object whose first token is current; what it says replaces what was said before. */
    @Nullable
    Usage add(JsonParser json) throws IOException {
        Usage report = UsageReader.read(json, CompletionCount.WITH_REASONING);
        Usage before = usage;
        if (report == null) {
            return before;
        }
        boolean onlyWritten = report.promptTokens() + report.cachedTokens() + report.writtenTokens() == 0;
        usage = before == null || !onlyWritten ? report : before.withCompletionTokens(report.completionTokens());
        return usage;
    }
}
