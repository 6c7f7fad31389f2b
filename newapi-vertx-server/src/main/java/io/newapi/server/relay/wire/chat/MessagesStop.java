package io.newapi.server.relay.wire.chat;

/** {@code stop_reason} (documentation, handling stop reasons). */
final class MessagesStop {

    private MessagesStop() {}

    /**
     * The reason for it; a new one is taken for the usual end.
     *
     * @param called whether a tool was called
     */
    static FinishReason read(String reason, boolean called) {
        return switch (reason) {
            case "max_tokens", "model_context_window_exceeded" -> FinishReason.LENGTH;
            case "stop_sequence" -> FinishReason.STOP_SEQUENCE;
            case "refusal" -> FinishReason.CONTENT_FILTER;
            case "pause_turn" -> FinishReason.PAUSED;
            default -> called ? FinishReason.TOOL_CALLS : FinishReason.STOP;
        };
    }

    /** The word; some vendors say the usual end where a tool was called. */
    static String write(FinishReason finish, boolean called) {
        return switch (finish) {
            case STOP -> called ? "tool_use" : "end_turn";
            case STOP_SEQUENCE -> "stop_sequence";
            case LENGTH -> "max_tokens";
            case TOOL_CALLS -> "tool_use";
            case CONTENT_FILTER -> "refusal";
            case PAUSED -> "pause_turn";
        };
    }
}
