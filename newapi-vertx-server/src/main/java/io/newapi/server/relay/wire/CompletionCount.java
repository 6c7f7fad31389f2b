package io.newapi.server.relay.wire;

/** What an upstream counts among the completion tokens of its usage. */
public enum CompletionCount {
    /** Everything that was written, with the reasoning. */
    WITH_REASONING,

    /** Without the reasoning, which is in the total only: what was written is the total less the prompt. */
    REASONING_IN_TOTAL
}
