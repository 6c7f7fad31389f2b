package io.newapi.core.pricing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a call used: its tokens, and what is charged beside them.
 *
 * @param usage the tokens
 * @param output parts of the completion
 * @param tools calls of tools, each tool once
 * @param imageCalls images made by a tool
 * @param images what was delivered by a call for images; null for other calls
 */
public record CallUse(
        Usage usage,
        OutputTokens output,
        List<ToolUse> tools,
        List<ImageCall> imageCalls,
        @Nullable ImageOrder images) {

    /** Keeps its own copies of the lists. */
    public CallUse {
        tools = List.copyOf(tools);
        imageCalls = List.copyOf(imageCalls);
    }

    /** Tokens and nothing else. */
    public static CallUse of(Usage usage) {
        return new CallUse(usage, OutputTokens.TEXT, List.of(), List.of(), null);
    }

    /** The same with these parts of the completion. */
    public CallUse withOutput(OutputTokens parts) {
        return new CallUse(usage, parts, tools, imageCalls, images);
    }

    /** The same with these calls of tools. */
    public CallUse withTools(List<ToolUse> calls) {
        return new CallUse(usage, output, calls, imageCalls, images);
    }

    /** The same with these images made by a tool. */
    public CallUse withImageCalls(List<ImageCall> calls) {
        return new CallUse(usage, output, tools, calls, images);
    }

    /** The same as a call for images. */
    public CallUse withImages(ImageOrder delivered) {
        return new CallUse(usage, output, tools, imageCalls, delivered);
    }

    /** The same with other tokens. */
    public CallUse withUsage(Usage tokens) {
        return new CallUse(tokens, output, tools, imageCalls, images);
    }

    /** Whether tokens are all that is charged. */
    boolean isTokensOnly() {
        return tools.isEmpty() && imageCalls.isEmpty() && images == null;
    }
}
