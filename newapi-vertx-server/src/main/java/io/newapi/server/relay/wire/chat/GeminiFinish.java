package io.newapi.server.relay.wire.chat;

/** {@code finishReason} (Gemini API reference, {@code FinishReason}). */
final class GeminiFinish {

    private GeminiFinish() {}

    /**
     * The reason for it. What is neither the end nor the limit, as a malformed call, leaves the client without an answer, like a
     * filter.
     *
     * @param called whether a function was called
     */
    static FinishReason read(String reason, boolean called) {
        return switch (reason) {
            case "STOP", "FINISH_REASON_UNSPECIFIED" -> called ? FinishReason.TOOL_CALLS : FinishReason.STOP;
            case "MAX_TOKENS", "CONTINUATION" -> FinishReason.LENGTH;
            default -> FinishReason.CONTENT_FILTER;
        };
    }

    static String write(FinishReason finish) {
        return switch (finish) {
            case STOP, STOP_SEQUENCE, TOOL_CALLS, PAUSED -> "STOP";
            case LENGTH -> "MAX_TOKENS";
            case CONTENT_FILTER -> "SAFETY";
        };
    }
}
