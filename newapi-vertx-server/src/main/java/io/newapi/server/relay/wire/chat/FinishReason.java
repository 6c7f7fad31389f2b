package io.newapi.server.relay.wire.chat;

/** Why an answer is over. */
public enum FinishReason {
    /** The model had said all. */
    STOP,
    /** It wrote one of the words that end it. */
    STOP_SEQUENCE,
    /** It reached the limit. */
    LENGTH,
    /** It wants tools to be run. */
    TOOL_CALLS,
    /** It, or a filter of the provider's, does not let it be said. */
    CONTENT_FILTER,
    /** The provider broke off a long turn, to be continued by sending the answer back (Anthropic's {@code pause_turn}). */
    PAUSED
}
